using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>The servers of one engine: for each size a database, served with and without the response cache, and the baseline.</summary>
internal sealed class BenchEnvironment : IAsyncDisposable
{
    public static readonly (string Key, string Value) NoCache = ("ResponseCache:MaxEntries", "0");

    private readonly Stack<IAsyncDisposable> _parts;

    private BenchEnvironment(IEngine engine, IReadOnlyList<Fixture> fixtures, Server baseline, Stack<IAsyncDisposable> parts) =>
        (Engine, Fixtures, Baseline, _parts) = (engine, fixtures, baseline, parts);

    public IEngine Engine { get; }

    /// <summary>Smallest first.</summary>
    public IReadOnlyList<Fixture> Fixtures { get; }

    public Server Baseline { get; }

    /// <summary>The sizes of the largest and the smallest database, as shown in the table.</summary>
    public string LargestToSmallest => $"{Result.Number(Fixtures[^1].Tasks)} : {Result.Number(Fixtures[0].Tasks)}";

    public static async Task<BenchEnvironment> CreateAsync(IEngine engine, IEnumerable<int> sizes, CancellationToken cancellationToken)
    {
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            var fixtures = new List<Fixture>();
            foreach (var size in sizes)
            {
                fixtures.Add(await CreateFixtureAsync(engine, size, parts, cancellationToken));
            }

            var response = await Caller.GetAsync(fixtures[^1].WithCache.Address, cancellationToken);
            var baseline = await Server.StartBaselineAsync(response, cancellationToken);
            parts.Push(baseline);
            return new BenchEnvironment(engine, fixtures, baseline, parts);
        }
        catch
        {
            await RemoveAsync(parts);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await RemoveAsync(_parts);

    private static async Task<Fixture> CreateFixtureAsync(
        IEngine engine, int tasks, Stack<IAsyncDisposable> parts, CancellationToken cancellationToken)
    {
        await ProgressLog.WriteAsync(engine, $"loading a database with {Result.Number(tasks)} tasks");
        var database = await Database.CreateAsync(engine, cancellationToken);
        parts.Push(database);
        await TaskSeeder.RunAsync(database, engine, tasks, cancellationToken);

        var settings = engine.LimitConnections(database.Settings);
        var withCache = await Server.StartServiceAsync(settings, [], cancellationToken);
        parts.Push(withCache);
        var withoutCache = await Server.StartServiceAsync(settings, [NoCache], cancellationToken);
        parts.Push(withoutCache);

        await CheckResponseAsync(withCache, tasks, cancellationToken);
        await CheckResponseAsync(withoutCache, tasks, cancellationToken);
        return new Fixture(tasks, database, withCache, withoutCache);
    }

    private static async Task CheckResponseAsync(Server service, int tasks, CancellationToken cancellationToken)
    {
        var expected = TaskSeeder.TasksOf(Catalogue.MeasuredOrganisation, tasks);
        var counted = Bench.Baseline.Read(await Caller.GetAsync(service.Address, cancellationToken)).Data.CallStatus.TotalTasks;
        if (counted != expected)
        {
            throw new InvalidOperationException($"The service counts {counted} tasks where {expected} were written.");
        }
    }

    private static async Task RemoveAsync(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }
}

/// <summary>A loaded database and the two services that use it.</summary>
internal sealed record Fixture(int Tasks, Database Database, Server WithCache, Server WithoutCache);
