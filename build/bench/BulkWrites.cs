using System.Diagnostics;
using Analytics.Application.Ingestion;
using Analytics.Application.Storage;
using Analytics.Bench.Engines;
using Analytics.Domain.Tasks;

namespace Analytics.Bench;

/// <summary>
/// The rows per second of bulk writes in order of creation, as a share of a plain insert of the same rows.
/// Each batch is written both ways, in transactions of equal durability.
/// </summary>
internal static class BulkWrites
{
    private const double MinShare = 0.30;
    private const int BatchesPerRound = 10;

    // The density of half of ten million tasks in a year. It determines how many rollup rows a batch changes.
    private const int TasksPerYear = 5_000_000;

    private const string Same = "SELECT COUNT(*) FROM (SELECT * FROM tasks INTERSECT SELECT * FROM plain_tasks) AS same";

    public static async Task<IEnumerable<Result>> MeasureAsync(IEngine engine, int rounds, CancellationToken cancellationToken) =>
    [
        await MeasureAsync(engine, rounds, "campaigns", SampleTasks.Campaigns, MinShare, cancellationToken),
        await MeasureAsync(engine, rounds, "random tasks", SampleTasks.Random, minShare: null, cancellationToken),
        await MeasureAsync(
            engine, rounds, "tasks of runs and labels of their own", SampleTasks.Distinct, minShare: null, cancellationToken),
    ];

    private static async Task<Result> MeasureAsync(
        IEngine engine, int rounds, string name, Func<long, int, IEnumerable<TaskWrite>> generate, double? minShare,
        CancellationToken cancellationToken)
    {
        await using var database = await Database.CreateAsync(engine, cancellationToken);
        await Catalogue.LoadAsync(database, cancellationToken);
        await database.ExecuteAsync(engine.CreatePlainTasks, cancellationToken);

        await ProgressLog.WriteAsync(engine, $"bulk writes of {name}");
        var tasks = (1 + rounds) * BatchesPerRound * TaskWriter.MaxBatchSize;
        var shares = new List<double>();

        // Chunked, so that a round's rows are created before its time is measured.
        foreach (var round in Batches(engine, generate, tasks).Chunk(BatchesPerRound))
        {
            var plain = TimeSpan.Zero;
            var ours = TimeSpan.Zero;
            foreach (var batch in round)
            {
                plain += await TimeAsync(() => InsertAsync(database, batch.Plain, cancellationToken));
                ours += await TimeAsync(
                    () => database.Get<TaskWriter>().WriteAsync(Catalogue.MeasuredOrganisation, batch.Writes, cancellationToken));
            }

            shares.Add(plain / ours);
        }

        if (await database.CountAsync(Same, cancellationToken) != tasks)
        {
            throw new InvalidOperationException("The plain insert and the bulk write did not store the same rows.");
        }

        // The first round is the warm-up.
        return Result.Share(
            $"rows/s of bulk writes, {name}", Result.Number(tasks), Median.Of(shares.Skip(1)), "of the plain insert's", minShare);
    }

    private static IEnumerable<Batch> Batches(IEngine engine, Func<long, int, IEnumerable<TaskWrite>> generate, int tasks) =>
        generate(Catalogue.MeasuredOrganisation, TasksPerYear)
            .Take(tasks)
            .Chunk(TaskWriter.MaxBatchSize)
            .Select(writes => new Batch(writes,
                engine.PlainInsert(Catalogue.MeasuredOrganisation, [.. writes.Select(write => StoredTaskRow.From(write.ApplyTo(null)))])));

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
