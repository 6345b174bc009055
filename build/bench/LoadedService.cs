using System.Globalization;
using Analytics.Application.Rollups;
using Analytics.Bench.Engines;
using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>The service over a filled database of its own, and the traffic on it.</summary>
internal sealed class LoadedService : IAsyncDisposable
{
    private readonly int _tasks;
    private readonly Database _database;
    private readonly Mix _mix;

    private LoadedService(IEngine engine, int tasks, Database database, Server server, Mix mix)
    {
        (Engine, _tasks, _database, Server, _mix) = (engine, tasks, database, server, mix);
        Generator = new Generator(server, mix);
    }

    public IEngine Engine { get; }

    /// <summary>How many tasks there were before any traffic, as the table shows it.</summary>
    public string Tasks => Finding.Number(_tasks);

    public Server Server { get; }

    public Generator Generator { get; }

    public static async Task<LoadedService> StartAsync(IEngine engine, int tasks, CancellationToken cancellationToken)
    {
        await ProgressLog.SayAsync(engine, $"filling a database with {Finding.Number(tasks)} tasks");
        var database = await Database.CreateAsync(engine, cancellationToken);
        try
        {
            var mix = new Mix();
            await Fill.RunAsync(database, engine, tasks, cancellationToken);
            await mix.LetInAsync(database, cancellationToken);
            return new LoadedService(engine, tasks, database, await Server.StartServiceAsync(database.Settings, [], cancellationToken), mix);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Recounts everything. A task that was acknowledged and is not counted ends the run, and so does a number that its tasks do not make.</summary>
    public async Task<Finding> VerifyAsync(CancellationToken cancellationToken)
    {
        await ProgressLog.SayAsync(Engine, "verify");
        var recounts = new Dictionary<string, VerificationResult>();
        await foreach (var recount in _database.Get<RollupVerifier>().RunAsync(repair: false, cancellationToken))
        {
            recounts.Add(recount.Handle, recount.IsClean ? recount : throw new InvalidOperationException($"{recount.Handle}: the numbers are not those of the tasks."));
        }

        foreach (var (organisationId, calls) in _mix.Calls)
        {
            var counted = recounts[Catalogue.HandleOf(organisationId)].Tasks - Fill.TasksOf(organisationId, _tasks);
            if (counted < calls.Acknowledged || (counted > calls.Acknowledged && !calls.WasRefused))
            {
                throw new InvalidOperationException($"{Catalogue.HandleOf(organisationId)}: {calls.Acknowledged} tasks were acknowledged, and {counted} are there.");
            }
        }

        var acknowledged = _mix.Calls.Sum(organisation => organisation.Calls.Acknowledged);
        return Finding.Fact("tasks acknowledged by then, all counted; `verify` is clean", Tasks, acknowledged.ToString("N0", CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _database.DisposeAsync();
    }
}
