using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>
/// The latency of a request that reads almost as many rollup rows as a request may: a year by day of agents, in a zone whose days are
/// not UTC days, of tasks that share almost no rollup.
/// </summary>
internal static class RowLimit
{
    private const int Agents = 18;
    private const int AllAgents = 20;

    // Almost as many rows as the limit of 250,000. Tasks of the same quarter hour, space, agent, direction and run share one.
    private const int Tasks = 260_000;

    private static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    public static async Task<Result> MeasureAsync(IEngine engine, Plan plan, CancellationToken cancellationToken)
    {
        var tasks = plan.IsQuick ? Tasks / 100 : Tasks;
        await ProgressLog.WriteAsync(engine, $"loading a database with {Result.Number(tasks)} tasks without common rollups");
        await using var database = await Database.CreateAsync(engine, cancellationToken);
        await Catalogue.LoadAsync(database, cancellationToken);
        await TaskSeeder.WriteAsync(
            database, Catalogue.MeasuredOrganisation, SampleTasks.Random(Catalogue.MeasuredOrganisation, tasks), cancellationToken);
        await database.ExecuteAsync(engine.AfterLoadSql, cancellationToken);
        await using var service = await Server.StartServiceAsync(database.Settings, [BenchEnvironment.NoCache], cancellationToken);

        var agents = string.Concat(Enumerable.Range(0, Agents).Select(agent => $"&agent={SampleTasks.AgentName(agent)}"));
        var address = new Uri(service.Address, $"?{Dashboards.Year}&interval=day&timezone=Asia/Kolkata{agents}");
        var load = await Load.RunAsync(address, connections: 1, plan.IsQuick ? 1 : 4 * plan.Seconds, cancellationToken);
        return Result.Within(
            $"a year by day of {Agents} agents, about {Result.Number(tasks * Agents / AllAgents)} rollup rows", Result.Number(tasks),
            TimeSpan.FromMilliseconds(load.P50), Max);
    }
}
