namespace Analytics.Bench;

/// <summary>
/// How long questions take at one connection over the largest database, as a multiple of the plain totals: each is asked in
/// turns with them. The data are those of one year.
/// </summary>
internal static class Dashboards
{
    private const double MostWithCache = 1.3;
    private const string Kolkata = "&timezone=Asia/Kolkata";
    private const string Agent = "&agent=agent-03";

    private static readonly Question[] Questions =
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
        new("a year by day of an agent", "{year}&interval=day" + Agent),
        new("a year by day of an agent, Asia/Kolkata", "{year}&interval=day" + Agent + Kolkata),
        new("all by agent", "group_by=agent"),
        new("28 days by agent and direction", "date_range=28d&group_by=agent,direction"),
        new("a year by space and agent, Asia/Kolkata", "{year}&group_by=space,agent" + Kolkata),
        new("the newest tasks", "limit=100", Path: "tasks/"),
        new("the newest tasks of an agent and a rare outcome", "limit=100&outcome=send_details" + Agent, Path: "tasks/"),
        new("the newest tasks of a space, a direction and a rare status", "limit=100&status=in_progress&direction=inbound&space_token={space}", Path: "tasks/"),
        new("tasks that there are none of", "limit=100&execution_type=email&direction=inbound", Path: "tasks/"),
        new("tasks of two agents that there are none of", "limit=100&execution_type=email&direction=inbound&agent=agent-01&agent=agent-02", Path: "tasks/"),
    ];

    public static async Task<IEnumerable<Finding>> MeasureAsync(Stage stage, Plan plan, CancellationToken cancellationToken)
    {
        await ProgressLog.SayAsync(stage.Engine, "questions of dashboards");
        var scene = stage.Scenes[^1];
        var findings = new List<Finding>();
        var asked = Questions.Where(question => !plan.IsQuick || question.Most is not null).ToList();
        foreach (var question in asked)
        {
            findings.Add(await MeasureAsync(scene.WithoutCache, scene.Tasks, question, plan, "without the answer cache", question.Most, cancellationToken));
        }

        foreach (var question in asked.Where(question => question.Path.Length == 0))
        {
            findings.Add(await MeasureAsync(scene.WithCache, scene.Tasks, question, plan, "repeated, with the answer cache", MostWithCache, cancellationToken));
        }

        return findings;
    }

    private static async Task<Finding> MeasureAsync(
        Server server, int tasks, Question question, Plan plan, string mode, double? max, CancellationToken cancellationToken)
    {
        var address = new Uri(server.Address, $"{question.Path}?{question.Query
            .Replace("{year}", $"start_date={TimeProvider.System.GetUtcNow().AddDays(-364):yyyy-MM-dd}", StringComparison.Ordinal)
            .Replace("{space}", Catalogue.TokenOf(Catalogue.SpaceId(Catalogue.AskedOrganisation, 0)), StringComparison.Ordinal)}");
        var multiples = new List<double>();
        var warming = plan.IsQuick ? 0 : 1;
        for (var round = 0; round < warming + (plan.IsQuick ? 1 : plan.Rounds); round++)
        {
            var plain = await Load.PutOnAsync(server.Address, connections: 1, plan.SecondsOfAQuestion, cancellationToken);
            var own = await Load.PutOnAsync(address, connections: 1, plan.SecondsOfAQuestion, cancellationToken);
            multiples.Add(own.P50 / plain.P50);
        }

        return Finding.Multiple($"{question.Name}, {mode}", Finding.Number(tasks), Median.Of(multiples.Skip(warming)), "the plain totals", max);
    }

    private sealed record Question(string Name, string Query, double? Most = null, string Path = "");
}
