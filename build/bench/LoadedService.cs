using System.Globalization;
using Analytics.Application.Rollups;
using Analytics.Bench.Engines;
using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>The service with a loaded database of its own, and its traffic generator.</summary>
internal sealed class LoadedService : IAsyncDisposable
{
    private readonly int _tasks;
    private readonly Mix _mix;

    private LoadedService(IEngine engine, int tasks, Database database, Server server, Mix mix)
    {
        (Engine, _tasks, Database, Server, _mix) = (engine, tasks, database, server, mix);
        Generator = new Generator(server, mix);
    }

    public IEngine Engine { get; }

    // The number of tasks before any traffic, as shown in the table.
    public string Tasks => Result.Number(_tasks);

    public Server Server { get; }

    public Database Database { get; }

    public Generator Generator { get; }

    public static async Task<LoadedService> StartAsync(
        IEngine engine, int tasks, IEnumerable<long> organisationIds, CancellationToken cancellationToken)
    {
        await ProgressLog.WriteAsync(engine, $"loading a database with {Result.Number(tasks)} tasks");
        var database = await Database.CreateAsync(engine, cancellationToken);
        try
        {
            var mix = new Mix(organisationIds);
            await TaskSeeder.RunAsync(database, engine, tasks, cancellationToken);
            await mix.AddMembersAsync(database, cancellationToken);
            return new LoadedService(
                engine, tasks, database, await Server.StartServiceAsync(database.Settings, [], cancellationToken), mix);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    // Recounts everything. Throws if an acknowledged task is missing or a rollup is inconsistent with its tasks.
    public async Task<Result> VerifyAsync(CancellationToken cancellationToken)
    {
        await ProgressLog.WriteAsync(Engine, "verify");
        var recounts = new Dictionary<string, VerificationResult>();
        await foreach (var recount in Database.Get<RollupVerifier>().RunAsync(repair: false, cancellationToken))
        {
            recounts.Add(recount.Handle, recount.IsClean ? recount
                : throw new InvalidOperationException($"{recount.Handle}: the rollups are inconsistent with the tasks."));
        }

        foreach (var (organisationId, calls) in _mix.Calls)
        {
            var counted = recounts[Catalogue.HandleOf(organisationId)].Tasks - TaskSeeder.TasksOf(organisationId, _tasks);
            if (counted < calls.Acknowledged || (counted > calls.Acknowledged && !calls.HasRejections))
            {
                throw new InvalidOperationException(
                    $"{Catalogue.HandleOf(organisationId)}: {calls.Acknowledged} tasks were acknowledged, but {counted} are stored.");
            }
        }

        var acknowledged = _mix.Calls.Sum(organisation => organisation.Calls.Acknowledged);
        return Result.Fact(
            "tasks acknowledged by then, all counted; `verify` is clean", Tasks, acknowledged.ToString("N0", CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }
}
