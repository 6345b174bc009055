using System.Diagnostics;
using Analytics.Application.Ingestion;
using Analytics.Application.Storage;
using Analytics.Bench.Engines;
using Analytics.Domain.Tasks;

namespace Analytics.Bench;

/// <summary>
/// How many rows a second bulk writes take in order of creation, as a share of what the engine takes when nothing but these
/// rows is inserted. Batch after batch goes both ways, each in a transaction as durable as the other.
/// </summary>
internal static class BulkWrites
{
    private const double Least = 0.15;
    private const int BatchesOfARound = 10;

    /// <summary>They come as those of half of ten million tasks in a year do: how many fall into one stretch of time decides how many rows of numbers they change.</summary>
    private const int TasksOfAYear = 5_000_000;

    private const string Same = "SELECT COUNT(*) FROM (SELECT * FROM tasks INTERSECT SELECT * FROM plain_tasks) AS same";

    public static async Task<IEnumerable<Finding>> MeasureAsync(IEngine engine, int rounds, CancellationToken cancellationToken)
    {
        await using var database = await Database.CreateAsync(engine, cancellationToken);
        await Catalogue.LoadAsync(database, cancellationToken);
        await database.ExecuteAsync(engine.CreatePlainTasks, cancellationToken);

        await ProgressLog.SayAsync(engine, "bulk writes");
        var tasks = (1 + rounds) * BatchesOfARound * TaskWriter.MaxBatchSize;
        var shares = new List<double>();

        // Chunked, so that a round's rows are made before its clock starts.
        foreach (var round in Batches(engine, tasks).Chunk(BatchesOfARound))
        {
            var plain = TimeSpan.Zero;
            var ours = TimeSpan.Zero;
            foreach (var batch in round)
            {
                plain += await TimeAsync(() => InsertAsync(database, batch.Plain, cancellationToken));
                ours += await TimeAsync(() => database.Get<TaskWriter>().WriteAsync(Catalogue.AskedOrganisation, batch.Writes, cancellationToken));
            }

            shares.Add(plain / ours);
        }

        if (await database.CountAsync(Same, cancellationToken) != tasks)
        {
            throw new InvalidOperationException("The plain insert and the bulk write did not store the same rows.");
        }

        // The first round warms up.
        return [Finding.Share("rows/s of bulk writes", Finding.Number(tasks), Median.Of(shares.Skip(1)), "of the plain insert's", Least)];
    }

    private static IEnumerable<Batch> Batches(IEngine engine, int tasks) =>
        SampleTasks.Of(Catalogue.AskedOrganisation, TasksOfAYear)
            .Take(tasks)
            .Chunk(TaskWriter.MaxBatchSize)
            .Select(writes => new Batch(writes, engine.PlainInsert(Catalogue.AskedOrganisation, [.. writes.Select(write => StoredTaskRow.From(write.ApplyTo(null)))])));

    private static async Task InsertAsync(Database database, PlainInsert insert, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Get<ITaskStore>().BeginAsync(cancellationToken);
        await insert(transaction, cancellationToken);
        await transaction.CommitAsync();
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var clock = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(clock);
    }

    private sealed record Batch(IReadOnlyList<TaskWrite> Writes, PlainInsert Plain);
}
