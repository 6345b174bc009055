namespace Analytics.Bench;

/// <summary>
/// The latency of dashboard queries over one connection and the largest database, as a multiple of the latency of the plain totals.
/// Both alternate. The data span one year.
/// </summary>
internal static class Dashboards
{
    private const double MaxMultipleWithCache = 1.3;
    private const string Kolkata = "&timezone=Asia/Kolkata";
    private const string Agent = "&agent=agent-03";

    private static readonly DashboardQuery[] Queries =
    [
        new("a day by hour", "date_range=yesterday&interval=hour", 3),
        new("a year by day", "{year}&interval=day", 10),
        new("a year by day, Asia/Kolkata", "{year}&interval=day" + Kolkata, 60),
        new("a year by day, America/New_York", "{year}&interval=day&timezone=America/New_York"),
        new("a year by month", "{year}&interval=month", 10),
        new("a year by month, Asia/Kolkata", "{year}&interval=month" + Kolkata, 60),
        new("28 days and the 28 before", "date_range=28d&compare=previous_period"),
        new("a year by day of a space", "{year}&interval=day&space_token={space}"),
        new("28 days by day of an agent", "date_range=28d&interval=day" + Agent),
        new("28 days by day of an agent, Asia/Kolkata", "date_range=28d&interval=day" + Agent + Kolkata),
        new("a year by day of an agent", "{year}&interval=day" + Agent, 15),
        new("a year by day of an agent, Asia/Kolkata", "{year}&interval=day" + Agent + Kolkata),
        new("all by agent", "group_by=agent"),
        new("28 days by agent and direction", "date_range=28d&group_by=agent,direction"),
        new("a year by space and agent, Asia/Kolkata", "{year}&group_by=space,agent" + Kolkata),
        new("30 days by run", "date_range=30d&group_by=run", 15),
        new("28 days by label", "date_range=28d&group_by=label", 10),
        new("28 days by label, Asia/Kolkata", "date_range=28d&group_by=label" + Kolkata, 25),
        new("28 days by day of the week and hour, Asia/Kolkata", "date_range=28d&group_by=day_of_week,hour_of_day" + Kolkata, 60),
        new("the newest tasks", "limit=100", Path: "tasks/"),
        new("the newest tasks of an agent and a rare outcome", "limit=100&outcome=send_details" + Agent, Path: "tasks/"),
        new("the newest tasks of a space, a direction and a rare status",
            "limit=100&status=in_progress&direction=inbound&space_token={space}", Path: "tasks/"),
        new("tasks that there are none of", "limit=100&execution_type=email&direction=inbound", Path: "tasks/"),
        new("tasks of two agents that there are none of", "limit=100&execution_type=email&direction=inbound&agent=agent-01&agent=agent-02",
            Path: "tasks/"),
    ];

    /// <summary>All tasks of the database in days, today included.</summary>
    public static string Year { get; } = $"start_date={TimeProvider.System.GetUtcNow().AddDays(-364):yyyy-MM-dd}";

    public static async Task<IEnumerable<Result>> MeasureAsync(BenchEnvironment environment, Plan plan, CancellationToken cancellationToken)
    {
        await ProgressLog.WriteAsync(environment.Engine, "dashboard queries");
        var fixture = environment.Fixtures[^1];
        var results = new List<Result>();
        var selected = Queries.Where(query => !plan.IsQuick || query.MaxMultiple is not null).ToList();
        foreach (var query in selected)
        {
            results.Add(await MeasureAsync(
                fixture.WithoutCache, fixture.Tasks, query, plan, "without the response cache", query.MaxMultiple, cancellationToken));
        }

        foreach (var query in selected.Where(query => query.Path.Length == 0))
        {
            results.Add(await MeasureAsync(fixture.WithCache, fixture.Tasks, query, plan, "repeated, with the response cache",
                MaxMultipleWithCache, cancellationToken));
        }

        return results;
    }

    private static async Task<Result> MeasureAsync(
        Server server, int tasks, DashboardQuery query, Plan plan, string mode, double? max, CancellationToken cancellationToken)
    {
        var address = new Uri(server.Address, $"{query.Path}?{query.Parameters
            .Replace("{year}", Year, StringComparison.Ordinal)
            .Replace("{space}", Catalogue.TokenOf(Catalogue.SpaceId(Catalogue.MeasuredOrganisation, 0)), StringComparison.Ordinal)}");
        var multiples = new List<double>();
        var warmUpRounds = plan.IsQuick ? 0 : 1;
        for (var round = 0; round < warmUpRounds + (plan.IsQuick ? 1 : plan.Rounds); round++)
        {
            var plain = await Load.RunAsync(server.Address, connections: 1, plan.SecondsPerQuery, cancellationToken);
            var own = await Load.RunAsync(address, connections: 1, plan.SecondsPerQuery, cancellationToken);
            multiples.Add(own.P50 / plain.P50);
        }

        return Result.Multiple(
            $"{query.Name}, {mode}", Result.Number(tasks), Median.Of(multiples.Skip(warmUpRounds)), "the plain totals", max);
    }

    private sealed record DashboardQuery(string Name, string Parameters, double? MaxMultiple = null, string Path = "");
}
