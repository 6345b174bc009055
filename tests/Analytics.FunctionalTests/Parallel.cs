// Most tests wait for a database or a process most of the time. Tests that measure time or memory, or record the metrics of the
// whole process, are NonParallelizable.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
