// Most tests wait for a database or a process most of the time. Those that measure time or memory, or listen to
// the whole process, are alone: NonParallelizable.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
