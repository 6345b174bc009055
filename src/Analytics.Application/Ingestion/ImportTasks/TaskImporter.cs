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
public sealed class TaskImporter(TaskWriter writeTasks, TimeProvider clock)
{
    /// <summary>A file may go to and fro between organisations; each has its own batch until all together hold this many.</summary>
    private const int MostWaiting = 3 * TaskWriter.MaxBatch;

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
        var waiting = new Dictionary<long, List<TaskWrite>>();
        var waitingLines = 0;
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
                        if (!waiting.TryGetValue(organisationId, out var batch))
                        {
                            waiting[organisationId] = batch = [];
                        }

                        batch.Add(write);
                        waitingLines++;
                        if (batch.Count == TaskWriter.MaxBatch || waitingLines == MostWaiting)
                        {
                            var full = batch.Count == TaskWriter.MaxBatch ? organisationId : waiting.MaxBy(other => other.Value.Count).Key;
                            waiting.Remove(full, out var next);
                            waitingLines -= next!.Count;
                            writing = WriteAfter(await writing, full, next, onWritten, cancellationToken);
                        }

                        break;
                }
            }

            foreach (var (organisationId, batch) in waiting)
            {
                writing = WriteAfter(await writing, organisationId, batch, onWritten, cancellationToken);
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
    private Task<WriteCounts> WriteAfter(
        WriteCounts before, long organisationId, List<TaskWrite> batch, Action<long, WriteCounts> onWritten, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var written = await writeTasks.WriteAsync(organisationId, batch, cancellationToken);
                onWritten(organisationId, written);
                return before + written;
            },
            cancellationToken);
}
