using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>What one engine is measured on: a database of each size, served with and without the answer cache, and the yardstick.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly (string Key, string Value) NoCache = ("ResponseCache:MaxEntries", "0");

    private readonly Stack<IAsyncDisposable> _parts;

    private Stage(IEngine engine, IReadOnlyList<Scene> scenes, Server yardstick, Stack<IAsyncDisposable> parts) =>
        (Engine, Scenes, Yardstick, _parts) = (engine, scenes, yardstick, parts);

    public IEngine Engine { get; }

    /// <summary>Smallest first.</summary>
    public IReadOnlyList<Scene> Scenes { get; }

    public Server Yardstick { get; }

    /// <summary>The largest against the smallest, as the table shows it.</summary>
    public string Extremes => $"{Finding.Number(Scenes[^1].Tasks)} : {Finding.Number(Scenes[0].Tasks)}";

    public static async Task<Stage> SetAsync(IEngine engine, IEnumerable<int> sizes, CancellationToken cancellationToken)
    {
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            var scenes = new List<Scene>();
            foreach (var size in sizes)
            {
                scenes.Add(await SetSceneAsync(engine, size, parts, cancellationToken));
            }

            var response = await Caller.AskAsync(scenes[^1].WithCache.Address, cancellationToken);
            var yardstick = await Server.StartYardstickAsync(response, cancellationToken);
            parts.Push(yardstick);
            return new Stage(engine, scenes, yardstick, parts);
        }
        catch
        {
            await RemoveAsync(parts);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await RemoveAsync(_parts);

    private static async Task<Scene> SetSceneAsync(IEngine engine, int tasks, Stack<IAsyncDisposable> parts, CancellationToken cancellationToken)
    {
        await ProgressLog.SayAsync(engine, $"filling a database with {Finding.Number(tasks)} tasks");
        var database = await Database.CreateAsync(engine, cancellationToken);
        parts.Push(database);
        await Fill.RunAsync(database, engine, tasks, cancellationToken);

        var settings = engine.ForOneOfMany(database.Settings);
        var withCache = await Server.StartServiceAsync(settings, [], cancellationToken);
        parts.Push(withCache);
        var withoutCache = await Server.StartServiceAsync(settings, [NoCache], cancellationToken);
        parts.Push(withoutCache);

        await RequireAnswerAsync(withCache, tasks, cancellationToken);
        await RequireAnswerAsync(withoutCache, tasks, cancellationToken);
        return new Scene(tasks, database, withCache, withoutCache);
    }

    private static async Task RequireAnswerAsync(Server service, int tasks, CancellationToken cancellationToken)
    {
        var expected = Fill.TasksOf(Catalogue.AskedOrganisation, tasks);
        var answered = Bench.Yardstick.Read(await Caller.AskAsync(service.Address, cancellationToken)).Data.CallStatus.TotalTasks;
        if (answered != expected)
        {
            throw new InvalidOperationException($"The service counts {answered} tasks where {expected} were written.");
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

/// <summary>A filled database, and the two services over it.</summary>
internal sealed record Scene(int Tasks, Database Database, Server WithCache, Server WithoutCache);
