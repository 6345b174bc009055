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

    private static readonly TimeSpan RunLength = TimeSpan.FromHours(2);

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

    /// <summary>Each task of any space, agent and direction.</summary>
    public static IEnumerable<TaskWrite> Random(long organisationId, int count)
    {
        var random = new Random((int)organisationId);
        var start = Timestamp.Now(TimeProvider.System) - Year;
        return Enumerable.Range(0, count).Select(i => Write(
            organisationId, i, start + (Year * ((double)i / count)), NextCampaign(organisationId, i / TasksPerRun, random), random));
    }

    /// <summary>
    /// Each run has one space, agent and direction, and tasks of two hours. Runs begin at equal distances, so that some are always under
    /// way; tasks are in order of creation.
    /// </summary>
    public static IEnumerable<TaskWrite> Campaigns(long organisationId, int count)
    {
        var random = new Random((int)organisationId);
        var start = Timestamp.Now(TimeProvider.System) - Year;
        var runs = Math.Max(1, count / TasksPerRun);
        var underWay = new PriorityQueue<(Campaign Campaign, int Left), Timestamp>();
        var started = 0;
        for (var number = 0; number < count; number++)
        {
            while (started < runs && (underWay.Count == 0 || StartOf(started) <= NextTime()))
            {
                underWay.Enqueue((NextCampaign(organisationId, started, random), TasksPerRun), StartOf(started));
                started++;
            }

            underWay.TryDequeue(out var next, out var time);
            yield return Write(organisationId, number, time, next.Campaign, random);
            if (next.Left > 1 || started == runs)
            {
                underWay.Enqueue((next.Campaign, next.Left - 1), time + (RunLength * (2 * random.NextDouble() / TasksPerRun)));
            }
        }

        Timestamp StartOf(int run) => start + (Year * ((double)run / runs));

        Timestamp NextTime()
        {
            underWay.TryPeek(out _, out var time);
            return time;
        }
    }

    /// <summary>The most rollups that tasks can have: each is of a run and a label of its own.</summary>
    public static IEnumerable<TaskWrite> Distinct(long organisationId, int count) => Random(organisationId, count).Select((write, number) =>
        write with
        {
            Content = write.Content! with
            {
                RunId = $"R{number:x16}",
                Label = $"{number:x10} {new string('x', 89)}",
            },
        });

    public static string AgentName(int number) => $"agent-{number:00}";

    public static string AgentBy(Random random) => AgentName(random.Next(Agents));

    private static Campaign NextCampaign(long organisationId, int number, Random random) => new(
        $"R{organisationId:x6}{number:x10}",
        Catalogue.SpaceId(organisationId, random.Next(Catalogue.SpacesPerOrganisation)),
        AgentBy(random),
        random.Next(4) == 0 ? Direction.Inbound : Direction.Outbound);

    private static TaskWrite Write(long organisationId, int number, Timestamp createdAt, Campaign campaign, Random random)
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
                SpaceId = campaign.SpaceId,
                ProductId = Product.Default,
                RunId = campaign.RunId,
                Agent = campaign.Agent,
                Direction = kind.ExecutionType == Email ? Direction.None : campaign.Direction,
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

    private sealed record Campaign(string RunId, long SpaceId, string Agent, Direction Direction);

    private sealed record Kind(int Percent, string Status, string? Label, string ExecutionType = ExecutionType.Call);
}
