using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Demo;

/// <summary>The demo's tasks. Those of its first space are the ones behind the documented example answer.</summary>
internal static class DemoTasks
{
    public const long SupportSpace = DemoData.OrganisationId + 1;
    public const long SalesSpace = DemoData.OrganisationId + 2;
    public const long HandbookSpace = DemoData.OrganisationId + 3;

    private const string OtherProduct = "unpod.tv";
    private const string Email = "email";

    /// <summary>Coprime to the number of tasks of each group, so that a group's tasks are spread evenly and mixed.</summary>
    private const int Stride = 131;

    private static readonly TimeSpan Age = TimeSpan.FromDays(90);
    private static readonly string[] Agents = ["asha", "ben", "chitra"];

    public static IEnumerable<TaskWrite> All(Instant now) =>
    [
        .. Group("support", SupportSpace, Product.Default, now, scored: 60, meanScore: 46_700, timed: 210,
        [
            new("completed", "Interested", 70), new("completed", "InterestedIn", 7),
            new("completed", "Call Back", 9), new("completed", "call_back", 4),
            new("completed", "Send Details", 1),
            new("completed", "Not Interested", 20),
            new("completed", "Not Connected", 35),
            new("completed", "Unknown", 40), new("completed", "Error", 21), new("completed", null, 30),
            new("completed", "Voicemail", 28), new("completed", "Wrong Number", 17), new("completed", "Busy", 12), new("completed", "Language Barrier", 8),
            new("failed", null, 80), new("failed", "Error", 20), new("failed", "Failed", 9),
            new("pending", null, 2), new("in_progress", null, 1), new("hold", null, 5),
        ]),
        .. Group("sales", SalesSpace, Product.Default, now, scored: 40, meanScore: 61_250, timed: 90,
        [
            new("completed", "Interested", 48), new("completed", "Call Back", 21), new("completed", "Send Details", 16),
            new("completed", "Not Interested", 33), new("completed", "Not Connected", 24), new("completed", "Voicemail", 19),
            new("failed", null, 27), new("scheduled", null, 11),
            new("completed", null, 14, Email), new("pending", null, 5, Email),
        ]),
        .. Group("handbook", HandbookSpace, Product.Default, now, scored: 0, meanScore: 0, timed: 0,
            [new("completed", "Interested", 12), new("completed", null, 28, Email)]),
        .. Group("tv", SupportSpace, OtherProduct, now, scored: 10, meanScore: 50_000, timed: 10,
            [new("completed", "Interested", 17), new("failed", null, 8)]),
    ];

    private static IEnumerable<TaskWrite> Group(string name, long spaceId, string productId, Instant now, int scored, int meanScore, int timed, Kind[] kinds)
    {
        var tasks = kinds.SelectMany(kind => Enumerable.Repeat(kind, kind.Count)).ToList();
        return tasks.Select((kind, i) =>
        {
            var place = i * Stride % tasks.Count;
            return new TaskWrite
            {
                TaskId = $"demo-{name}-{i + 1:0000}",
                UpdatedAt = now,
                UpdatedAtIsGiven = true,
                CreatedAtIsGiven = true,
                Content = new TaskContent
                {
                    SpaceId = spaceId,
                    ProductId = productId,
                    RunId = $"demo-run-{(place * 6 / tasks.Count) + 1}",
                    Agent = Agents[place % Agents.Length],
                    Direction = kind.ExecutionType == Email ? Direction.None : place % 4 == 0 ? Direction.Inbound : Direction.Outbound,
                    ExecutionType = kind.ExecutionType,
                    Status = kind.Status,
                    Label = kind.Label,
                    Outcome = null,
                    SuccessScore = i < scored ? ScoreOf(i, meanScore) : null,
                    Duration = i < timed ? DurationOf(i) : null,
                    CreatedAt = now - (Age * ((place + 0.5) / tasks.Count)),
                }.Judged(),
            };
        });
    }

    /// <summary>In pairs around the mean, in hundredths.</summary>
    private static int ScoreOf(int i, int mean) => mean + (Sign(i) * (i / 2) * 700);

    /// <summary>In pairs around 58.788 s, and 20 ms more: 210 of them last 12,345.5 s.</summary>
    private static long DurationOf(int i) => 58_788 + (Sign(i) * (i / 2 % 50) * 1_000) + (i == 0 ? 20 : 0);

    private static int Sign(int i) => i % 2 == 0 ? 1 : -1;

    private sealed record Kind(string Status, string? Label, int Count, string ExecutionType = ExecutionType.Call);
}
