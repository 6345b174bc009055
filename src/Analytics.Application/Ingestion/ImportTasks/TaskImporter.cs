using System.Runtime.InteropServices;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Observability;
using Analytics.Application.Storage;

namespace Analytics.Application.Ingestion.ImportTasks;

public sealed record ImportCounts(WriteCounts Written, long Rejected)
{
    public long Lines => Written.Inserted + Written.Updated + Written.Unchanged + Rejected;

    public override string ToString() => $"{Written}, rejected {Rejected}";
}

/// <summary>
/// Imports a file in whole batches, so that an import that was interrupted can be run again. The next batch is read while the
/// previous one is written. Memory does not grow with the file.
/// </summary>
public sealed class TaskImporter(TaskWriter taskWriter, ITaskStore store, TimeProvider clock)
{
    // Each organisation has its own batch. This limits the sum of the batches when a file alternates between organisations.
    private readonly int _maxBufferedWrites = 3 * store.BatchSize;

    public async Task<ImportCounts> RunAsync(
        Stream file,
        ITaskFormat format,
        Action<RejectedLine> onRejected,
        Action<long, WriteCounts> onWritten,
        Action<long> onLine,
        CancellationToken cancellationToken)
    {
        var buffered = new Dictionary<long, List<TaskWrite>>();
        var bufferedWrites = 0;
        var rejected = 0L;
        var writing = Task.FromResult(WriteCounts.None);
        try
        {
            await foreach (var line in LineReader.ReadAsync(file, cancellationToken))
            {
                onLine(line.Number);
                switch (Read(line, format))
                {
                    case TaskLine.Rejected(var taskId, var reason):
                        rejected++;
                        onRejected(new RejectedLine(line.Number, taskId, reason));
                        break;

                    case TaskLine.Accepted(var organisationId, var write):
                        var batch = CollectionsMarshal.GetValueRefOrAddDefault(buffered, organisationId, out _) ??= [];
                        batch.Add(write);
                        bufferedWrites++;
                        if (batch.Count == store.BatchSize || bufferedWrites == _maxBufferedWrites)
                        {
                            var (largestId, largest) = buffered.MaxBy(other => other.Value.Count);
                            buffered.Remove(largestId);
                            bufferedWrites -= largest.Count;
                            writing = WriteInBackground(await writing, largestId, largest, onWritten, cancellationToken);
                        }

                        break;
                }
            }

            foreach (var (organisationId, batch) in buffered)
            {
                writing = WriteInBackground(await writing, organisationId, batch, onWritten, cancellationToken);
            }
        }
        catch
        {
            await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var counts = new ImportCounts(await writing, rejected);
        AnalyticsMetrics.RecordRejectedLines(rejected);
        return counts;
    }

    private TaskLine Read(Line line, ITaskFormat format) => line.IsTooLong
        ? new TaskLine.Rejected(null, $"The line is longer than {LineReader.MaxLineBytes / 1024 / 1024} MiB.")
        : format.Read(line.Content, Timestamp.Now(clock));

    // Task.Run, because SQLite's calls are synchronous.
    private Task<WriteCounts> WriteInBackground(
        WriteCounts previous,
        long organisationId,
        List<TaskWrite> batch,
        Action<long, WriteCounts> onWritten,
        CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var written = await taskWriter.WriteAsync(organisationId, batch, cancellationToken);
                onWritten(organisationId, written);
                return previous + written;
            },
            cancellationToken);
}
