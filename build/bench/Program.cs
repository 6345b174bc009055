using System.CommandLine;
using Analytics.Bench;
using Analytics.Bench.Engines;

// A run that is called off still ends its servers and drops its databases.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await BenchCommand.Create(MeasureAsync).Parse(args).InvokeAsync(invocation);

static async Task<int> MeasureAsync(Plan plan, CancellationToken cancellationToken)
{
    var report = await Report.BeginAsync();
    foreach (var engine in AllEngines.ThatRun())
    {
        await using (var stage = await Stage.SetAsync(engine, plan.Sizes, cancellationToken))
        {
            await report.AddAsync(engine, await RequestRates.MeasureAsync(stage, plan, cancellationToken));
            await report.AddAsync(engine, await StatementTime.MeasureAsync(stage, cancellationToken));
            await report.AddAsync(engine, await Dashboards.MeasureAsync(stage, plan, cancellationToken));
        }

        await report.AddAsync(engine, await BulkWrites.MeasureAsync(engine, plan.Rounds, cancellationToken));
    }

    return report.IsMet || plan.IsQuick ? 0 : 1;
}
