using Analytics.Bench.Engines;
using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>
/// The service's requests per second with one caller, and with 200 callers of 20 organisations, as shares of the baseline's: with and
/// without the response cache and the access log. The servers alternate, so that variations of the machine affect all of them.
/// </summary>
internal static class CallerRates
{
    private const double MaxP99 = 2.5;
    private const double MinShareOfUnlogged = 0.92;

    private static readonly (string Key, string Value)[] Logged =
        [("AccessLog:Mode", "all"), ("Logging:LogLevel:Analytics.Api.Telemetry.AccessLog", "Information")];

    public static async Task<IEnumerable<Result>> MeasureAsync(IEngine engine, Plan plan, CancellationToken cancellationToken)
    {
        await using var parts = new AsyncStack();
        var tasks = plan.Sizes[0];
        await ProgressLog.WriteAsync(engine, $"loading a database with {Result.Number(tasks)} tasks");
        var database = parts.Push(await Database.CreateAsync(engine, cancellationToken));
        await TaskSeeder.RunAsync(database, engine, tasks, cancellationToken);
        var mix = new Mix(Catalogue.OrganisationIds);
        await mix.AddMembersAsync(database, cancellationToken);

        List<Service> services =
        [
            await StartAsync("with the response cache", isCached: true, engine.MinShareWithCache),
            await StartAsync("with the response cache and the access log", isCached: true, engine.MinShareWithAccessLog, Logged),
            await StartAsync("without the response cache", isCached: false, engine.MinShareWithoutCache, BenchEnvironment.NoCache),
            await StartAsync(
                "without the response cache, with the access log", isCached: false, minShare: null, [.. Logged, BenchEnvironment.NoCache]),
        ];
        var response = await Caller.GetAsync(services[0].Server.Address, cancellationToken);
        var baseline = parts.Push(await Server.StartBaselineAsync(response, cancellationToken));

        using var one = new RequestScript([Caller.Headers]);
        using var all = new RequestScript(mix.Headers);
        Callers[] callers =
        [
            new("one caller", (server, seconds) => Load.RunAsync(server, one, seconds, cancellationToken)),
            new($"{mix.Headers.Count} callers", (server, seconds) => Load.RunAsync(server, all, seconds, cancellationToken)),
            new("one connection", (server, seconds) => Load.RunAsync(server.Address, connections: 1, seconds, cancellationToken)),
        ];
        List<Server> servers = [baseline, .. services.Select(service => service.Server)];
        await ProgressLog.WriteAsync(engine, "callers, warming up");
        await RunRoundAsync(callers, servers, plan.WarmUpSeconds);

        var rounds = new List<Dictionary<(string Callers, Server Server), Load>>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            await ProgressLog.WriteAsync(engine, $"callers, round {round} of {plan.Rounds}");
            rounds.Add(await RunRoundAsync(callers, round % 2 == 0 ? [.. servers.AsEnumerable().Reverse()] : servers, plan.Seconds));
        }

        return new Comparison(tasks, baseline, services, rounds).ToResults(callers);

        async Task<Service> StartAsync(string name, bool isCached, double? minShare, params (string Key, string Value)[] settings) => new(
            name, isCached, minShare,
            parts.Push(await Server.StartServiceAsync(engine.LimitConnections(database.Settings), settings, cancellationToken)));
    }

    private static async Task<Dictionary<(string Callers, Server Server), Load>> RunRoundAsync(
        IEnumerable<Callers> callers, IReadOnlyList<Server> servers, int seconds)
    {
        var loads = new Dictionary<(string Callers, Server Server), Load>();
        foreach (var caller in callers)
        {
            foreach (var server in servers)
            {
                loads[(caller.Name, server)] = await caller.RunAsync(server, seconds);
            }
        }

        return loads;
    }

    private sealed record Service(string Name, bool IsCached, double? MinShare, Server Server);

    private sealed record Callers(string Name, Func<Server, int, Task<Load>> RunAsync);

    private sealed record Comparison(
        int Tasks, Server Baseline, IReadOnlyList<Service> Services,
        IReadOnlyList<Dictionary<(string Callers, Server Server), Load>> Rounds)
    {
        // The last of the callers has one connection.
        public IEnumerable<Result> ToResults(Callers[] callers) =>
            [.. callers[..^1].SelectMany(CompareRates), .. Services.Select(service => CompareLatency(callers[^1], service))];

        private IEnumerable<Result> CompareRates(Callers caller)
        {
            foreach (var service in Services)
            {
                var name = $"{caller.Name}, {service.Name}";
                yield return Result.Share(
                    $"requests/s, {name}", Result.Number(Tasks), MedianOf(caller, service.Server, Baseline, load => load.RequestsPerSecond),
                    "of the baseline's", service.MinShare);
                yield return Result.Multiple(
                    $"p99, {name}", Result.Number(Tasks), MedianOf(caller, service.Server, Baseline, load => load.P99),
                    "the baseline's", service.IsCached ? MaxP99 : null);
            }

            foreach (var (unlogged, logged) in new[] { (Services[0], Services[1]), (Services[2], Services[3]) })
            {
                yield return Result.Share(
                    $"requests/s, {caller.Name}, {logged.Name}", Result.Number(Tasks),
                    MedianOf(caller, logged.Server, unlogged.Server, load => load.RequestsPerSecond), "of those without the log",
                    MinShareOfUnlogged);
            }
        }

        private Result CompareLatency(Callers caller, Service service) => Result.Multiple(
            $"p50, {caller.Name}, {service.Name}", Result.Number(Tasks), MedianOf(caller, service.Server, Baseline, load => load.P50),
            "the baseline's", max: null);

        private double MedianOf(Callers caller, Server server, Server other, Func<Load, double> value) =>
            Median.Of(Rounds.Select(round => value(round[(caller.Name, server)]) / value(round[(caller.Name, other)])));
    }

    /// <summary>Disposes of its parts, the last one first.</summary>
    private sealed class AsyncStack : IAsyncDisposable
    {
        private readonly Stack<IAsyncDisposable> _parts = new();

        public T Push<T>(T part)
            where T : IAsyncDisposable
        {
            _parts.Push(part);
            return part;
        }

        public async ValueTask DisposeAsync()
        {
            while (_parts.TryPop(out var part))
            {
                await part.DisposeAsync();
            }
        }
    }
}
