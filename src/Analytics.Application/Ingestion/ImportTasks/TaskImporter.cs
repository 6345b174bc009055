using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Observability;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.ImportTasks;

/// <summary>What became of a file's lines.</summary>
/// <param name="Written">What became of the lines that broke no rule.</param>
/// <param name="Rejected">How many broke one.</param>
public sealed record ImportCounts(WriteCounts Written, long Rejected)
{
    /// <summary>All lines that were not blank.</summary>
    public long Lines => Written.Inserted + Written.Updated + Written.Unchanged + Rejected;

    /// <summary>The counts, for people.</summary>
    public override string ToString() => $"inserted {Written.Inserted}, updated {Written.Updated}, unchanged {Written.Unchanged}, rejected {Rejected}";
}

/// <summary>
/// Imports a file of tasks: whole batches, so that an import that is killed can be run again. The file is read while the
/// batch before is written; memory does not grow with the file.
/// </summary>
public sealed class TaskImporter(TaskWriter taskWriter, TimeProvider clock)
{
    /// <summary>A file may go to and fro between organisations; each has its own batch until all together hold this many.</summary>
    private const int MaxBufferedWrites = 3 * TaskWriter.MaxBatchSize;

    /// <summary>Imports every line that breaks no rule.</summary>
    /// <param name="file">The file's text.</param>
    /// <param name="format">How to read a line.</param>
    /// <param name="onRejected">Told of every line that breaks a rule, in order.</param>
    /// <param name="onWritten">Told of every batch that was written: its organisation, and what became of its lines.</param>
    /// <param name="onLine">Told the number of each line that was read.</param>
    /// <param name="cancellationToken">Ends the import after a whole batch.</param>
    public async Task<ImportCounts> RunAsync(
        Stream file, ITaskFormat format, Action<RejectedLine> onRejected, Action<long, WriteCounts> onWritten, Action<long> onLine, CancellationToken cancellationToken)
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
                        AnalyticsMetrics.RecordRejectedLines(1);
                        onRejected(new RejectedLine(line.Number, taskId, reason));
                        break;

                    case TaskLine.Accepted(var organisationId, var write):
                        if (!buffered.TryGetValue(organisationId, out var batch))
                        {
                            buffered[organisationId] = batch = [];
                        }

                        batch.Add(write);
                        bufferedWrites++;
                        if (batch.Count == TaskWriter.MaxBatchSize || bufferedWrites == MaxBufferedWrites)
                        {
                            var fullOrganisationId = batch.Count == TaskWriter.MaxBatchSize ? organisationId : buffered.MaxBy(other => other.Value.Count).Key;
                            buffered.Remove(fullOrganisationId, out var nextBatch);
                            bufferedWrites -= nextBatch!.Count;
                            writing = WriteInBackground(await writing, fullOrganisationId, nextBatch, onWritten, cancellationToken);
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

        return new ImportCounts(await writing, rejected);
    }

    private TaskLine Read(Line line, ITaskFormat format) => line.IsTooLong
        ? new TaskLine.Rejected(null, $"The line is longer than {LineReader.MaxLineBytes / 1024 / 1024} MiB.")
        : format.Read(line.Content, Timestamp.Now(clock));

    /// <summary>Writes on another thread: SQLite's calls do not yield.</summary>
    private Task<WriteCounts> WriteInBackground(
        WriteCounts previous, long organisationId, List<TaskWrite> batch, Action<long, WriteCounts> onWritten, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var written = await taskWriter.WriteAsync(organisationId, batch, cancellationToken);
                onWritten(organisationId, written);
                return previous + written;
            },
            cancellationToken);
}
