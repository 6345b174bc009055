using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;

namespace Analytics.Bench;

/// <summary>Generated tasks: the past year of one organisation, in order of creation.</summary>
internal static class SampleTasks
{
    private const int Agents = 20;
    private const int TasksPerRun = 500;
    private const string Email = "email";

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private static readonly Kind[] Kinds = Weighted(
        new(30, "completed", "Not Connected"),
        new(15, "completed", "Not Interested"),
        new(12, "completed", "Interested"),
        new(7, "completed", "Call Back"),
        new(3, "completed", "Send Details"),
        new(8, "completed", "Voicemail"),
        new(6, "completed", null),
        new(10, "failed", null),
        new(3, "pending", null),
        new(1, "in_progress", null),
        new(2, "scheduled", null),
        new(3, "completed", null, Email));

    public static IEnumerable<TaskWrite> Of(long organisationId, int count)
    {
        var random = new Random((int)organisationId);
        var start = Timestamp.Now(TimeProvider.System) - Year;
        return Enumerable.Range(0, count).Select(i => Write(organisationId, i, start + (Year * ((double)i / count)), random));
    }

    public static string AgentBy(Random random) => $"agent-{random.Next(Agents):00}";

    private static TaskWrite Write(long organisationId, int number, Timestamp createdAt, Random random)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        var isTalk = kind is { ExecutionType: ExecutionType.Call, Status: "completed", Label: not "Not Connected" };
        return new TaskWrite
        {
            // Ids that increase with time, like ObjectIds.
            TaskId = $"T{createdAt.UnixMilliseconds / 1000:x8}{organisationId:x6}{number:x10}",
            UpdatedAt = createdAt + TimeSpan.FromMinutes(random.Next(1, 60)),
            HasUpdatedAt = true,
            HasCreatedAt = true,
            Content = new TaskContent
            {
                SpaceId = Catalogue.SpaceId(organisationId, random.Next(Catalogue.SpacesPerOrganisation)),
                ProductId = Product.Default,
                RunId = $"R{organisationId:x6}{number / TasksPerRun:x10}",
                Agent = AgentBy(random),
                Direction = kind.ExecutionType == Email ? Direction.None : random.Next(4) == 0 ? Direction.Inbound : Direction.Outbound,
                ExecutionType = kind.ExecutionType,
                Status = kind.Status,
                Label = kind.Label,
                Outcome = null,
                SuccessScore = isTalk && random.Next(3) > 0 ? random.Next(100, 1_001) : null,
                Duration = isTalk ? random.Next(5_000, 600_000) : null,
                CreatedAt = createdAt,
            }.WithClassifiedOutcome(),
        };
    }

    private static Kind[] Weighted(params IEnumerable<Kind> kinds) => [.. kinds.SelectMany(kind => Enumerable.Repeat(kind, kind.Percent))];

    private sealed record Kind(int Percent, string Status, string? Label, string ExecutionType = ExecutionType.Call);
}
