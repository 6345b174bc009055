using System.CommandLine;
using Analytics.Bench;
using Analytics.Bench.Engines;
using Analytics.Bench.Traffic;

// A cancelled run still stops its servers and drops its databases.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await BenchCommand.Create(
    MeasureAsync,
    MeasureQueriesAsync,
    MeasureCallersAsync,
    MeasureBulkWritesAsync,
    soak: LoadWith(Catalogue.OrganisationIds, Soak.MeasureAsync),
    overload: LoadWith(Catalogue.OrganisationIds, Overload.MeasureAsync),
    fairness: LoadWith(Catalogue.OrganisationIds.Skip(1), Fairness.MeasureAsync)).Parse(args)
    .InvokeAsync(invocation);

static async Task<int> MeasureAsync(Plan plan, CancellationToken cancellationToken)
{
    var report = await Report.BeginAsync("p99 compared with the same");
    foreach (var engine in AllEngines.GetConfigured())
    {
        await using (var environment = await BenchEnvironment.CreateAsync(engine, plan.Sizes, cancellationToken))
        {
            await report.AddAsync(engine, await RequestRates.MeasureAsync(environment, plan, cancellationToken));
            await report.AddAsync(engine, await StatementTime.MeasureAsync(environment, cancellationToken));
            await report.AddAsync(engine, await Dashboards.MeasureAsync(environment, plan, cancellationToken));
        }

        await report.AddAsync(engine, [await RowLimit.MeasureAsync(engine, plan, cancellationToken)]);
        await report.AddAsync(engine, await BulkWrites.MeasureAsync(engine, plan.Rounds, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
}

static async Task<int> MeasureQueriesAsync(Plan plan, CancellationToken cancellationToken)
{
    var report = await Report.BeginAsync("p99 compared with the same");
    foreach (var engine in AllEngines.GetConfigured())
    {
        await report.AddAsync(engine, [await RowLimit.MeasureAsync(engine, plan, cancellationToken)]);
        await using var environment = await BenchEnvironment.CreateAsync(engine, [plan.Sizes[^1]], cancellationToken);
        await report.AddAsync(engine, await Dashboards.MeasureAsync(environment, plan, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
}

static async Task<int> MeasureCallersAsync(Plan plan, CancellationToken cancellationToken)
{
    var report = await Report.BeginAsync("");
    foreach (var engine in AllEngines.GetConfigured())
    {
        await report.AddAsync(engine, await CallerRates.MeasureAsync(engine, plan, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
}

static async Task<int> MeasureBulkWritesAsync(Plan plan, CancellationToken cancellationToken)
{
    var report = await Report.BeginAsync("p99 compared with the same");
    foreach (var engine in AllEngines.GetConfigured())
    {
        await report.AddAsync(engine, await BulkWrites.MeasureAsync(engine, plan.Rounds, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
}

static Func<LoadPlan, CancellationToken, Task<int>> LoadWith(
    IEnumerable<long> organisationIds, Func<LoadedService, LoadPlan, CancellationToken, Task<IEnumerable<Result>>> measureAsync) =>
        async (plan, cancellationToken) =>
{
    await Console.Out.WriteLineAsync($"{Mix.Description}:{Environment.NewLine}");
    var report = await Report.BeginAsync("p50 and p99, ms");
    foreach (var engine in AllEngines.GetConfigured())
    {
        await using var service = await LoadedService.StartAsync(engine, plan.Tasks, organisationIds, cancellationToken);
        await report.AddAsync(engine, await measureAsync(service, plan, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
};
