namespace Analytics.Application.Demo;

/// <summary>The demo's tasks. Those of the support space produce the documented example response.</summary>
internal static class DemoTasks
{
    public const long SupportSpace = DemoData.OrganisationId + 1;
    public const long SalesSpace = DemoData.OrganisationId + 2;
    public const long HandbookSpace = DemoData.OrganisationId + 3;

    private const string OtherProduct = "unpod.tv";
    private const string Email = "email";

    // Coprime to the number of tasks of each group, so that the tasks of each template are distributed evenly.
    private const int Stride = 131;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);
    private static readonly (string Status, string? Label)[] LiveOutcomes =
    [
        ("completed", "Interested"), ("completed", "Interested"), ("completed", "Call Back"), ("completed", "Send Details"),
        ("completed", "Not Interested"), ("completed", "Not Connected"), ("completed", "Voicemail"),
        ("failed", null), ("in_progress", null),
    ];

    private static readonly string[] Agents = ["asha", "ben", "chitra"];

    public static IEnumerable<TaskWrite> CreateAll(Timestamp now) =>
    [
        .. CreateGroup("support", SupportSpace, Product.Default, now, withScore: 60, meanScore: 46_700, withDuration: 210,
        [
            new("completed", "Interested", 70), new("completed", "InterestedIn", 7),
            new("completed", "Call Back", 9), new("completed", "call_back", 4),
            new("completed", "Send Details", 1),
            new("completed", "Not Interested", 20),
            new("completed", "Not Connected", 35),
            new("completed", "Unknown", 40), new("completed", "Error", 21), new("completed", null, 30),
            new("completed", "Voicemail", 28), new("completed", "Wrong Number", 17), new("completed", "Busy", 12),
            new("completed", "Language Barrier", 8),
            new("failed", null, 80), new("failed", "Error", 20), new("failed", "Failed", 9),
            new("pending", null, 2), new("in_progress", null, 1), new("hold", null, 5),
        ]),
        .. CreateGroup("sales", SalesSpace, Product.Default, now, withScore: 40, meanScore: 61_250, withDuration: 90,
        [
            new("completed", "Interested", 48), new("completed", "Call Back", 21), new("completed", "Send Details", 16),
            new("completed", "Not Interested", 33), new("completed", "Not Connected", 24), new("completed", "Voicemail", 19),
            new("failed", null, 27), new("scheduled", null, 11),
            new("completed", null, 14, Email), new("pending", null, 5, Email),
        ]),
        .. CreateGroup("handbook", HandbookSpace, Product.Default, now, withScore: 0, meanScore: 0, withDuration: 0,
            [new("completed", "Interested", 12), new("completed", null, 28, Email)]),
        .. CreateGroup("tv", SupportSpace, OtherProduct, now, withScore: 10, meanScore: 50_000, withDuration: 10,
            [new("completed", "Interested", 17), new("failed", null, 8)]),
    ];

    // Another call for each few seconds of a day; the next day's replace them. In the space whose numbers are not documented.
    public static TaskWrite CreateCall(Timestamp now)
    {
        var second = now.UnixMilliseconds / 1000 % (24 * 60 * 60);
        var i = (int)(second / (long)DemoTraffic.Interval.TotalSeconds);
        var (status, label) = LiveOutcomes[i * 5 % LiveOutcomes.Length];
        return new TaskWrite
        {
            TaskId = $"demo-live-{i:00000}",
            UpdatedAt = now,
            HasUpdatedAt = true,
            HasCreatedAt = true,
            Content = new TaskContent
            {
                SpaceId = SalesSpace,
                ProductId = Product.Default,
                RunId = "demo-live",
                Agent = Agents[i % Agents.Length],
                Direction = i % 4 == 0 ? Direction.Inbound : Direction.Outbound,
                ExecutionType = ExecutionType.Call,
                Status = status,
                Label = label,
                Outcome = null,
                SuccessScore = i % 3 == 0 ? 40_000 + (i * 37 % 40_000) : null,
                Duration = 20_000 + (i * 7_919 % 180_000),
                CreatedAt = now,
            }.WithClassifiedOutcome(),
        };
    }

    private static IEnumerable<TaskWrite> CreateGroup(
        string name,
        long spaceId,
        string productId,
        Timestamp now,
        int withScore,
        int meanScore,
        int withDuration,
        TaskTemplate[] templates)
    {
        var tasks = templates.SelectMany(template => Enumerable.Repeat(template, template.Count)).ToList();
        return tasks.Select((template, i) =>
        {
            var position = i * Stride % tasks.Count;
            return new TaskWrite
            {
                TaskId = $"demo-{name}-{i + 1:0000}",
                UpdatedAt = now,
                HasUpdatedAt = true,
                HasCreatedAt = true,
                Content = new TaskContent
                {
                    SpaceId = spaceId,
                    ProductId = productId,
                    RunId = $"demo-run-{(position * 6 / tasks.Count) + 1}",
                    Agent = Agents[position % Agents.Length],
                    Direction = template.ExecutionType == Email
                        ? Direction.None
                        : position % 4 == 0 ? Direction.Inbound : Direction.Outbound,
                    ExecutionType = template.ExecutionType,
                    Status = template.Status,
                    Label = template.Label,
                    Outcome = null,
                    SuccessScore = i < withScore ? GetScore(i, meanScore) : null,
                    Duration = i < withDuration ? GetDuration(i) : null,
                    CreatedAt = now - (MaxAge * ((position + 0.5) / tasks.Count)),
                }.WithClassifiedOutcome(),
            };
        });
    }

    // In pairs around the mean, in hundredths.
    private static int GetScore(int i, int mean) => mean + (Sign(i) * (i / 2) * 700);

    // In pairs around 58.788 s, plus 20 ms: the sum of 210 tasks is 12,345.5 s.
    private static long GetDuration(int i) => 58_788 + (Sign(i) * (i / 2 % 50) * 1_000) + (i == 0 ? 20 : 0);

    private static int Sign(int i) => i % 2 == 0 ? 1 : -1;

    private sealed record TaskTemplate(string Status, string? Label, int Count, string ExecutionType = ExecutionType.Call);
}
