using System.Text.Json;

namespace Analytics.Bench.Traffic;

/// <summary>
/// The calls of one organisation as a partner pushes them. Each push starts some calls and ends those that the previous push
/// started. Out-of-order pushes lead to the same state.
/// </summary>
internal sealed class OngoingCalls(long organisationId, string idPrefix = "P")
{
    public const int MaxTasksPerPush = 100;

    private static readonly string?[] Outcomes =
        ["Interested", "Not Interested", "Not Connected", "Not Connected", "Call Back", "Voicemail", null];

    private readonly Lock _lock = new();
    private IReadOnlyList<Call> _open = [];
    private int _started;
    private long _acknowledged;
    private volatile bool _hasRejections;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    // The outcome of a rejected push is unknown: its tasks may have been written.
    public bool HasRejections => _hasRejections;

    public void RecordRejection() => _hasRejections = true;

    public void RecordAcknowledged(long inserted) => Interlocked.Add(ref _acknowledged, inserted);

    public byte[] NextPush(Random random)
    {
        var started = new List<Call>();
        IReadOnlyList<Call> ended;
        lock (_lock)
        {
            for (var i = random.Next(MaxTasksPerPush / 2); i >= 0; i--)
            {
                started.Add(new Call($"{idPrefix}{organisationId:x6}{_started++:x10}", Catalogue.TokenOf(
                    Catalogue.SpaceId(organisationId, random.Next(Catalogue.SpacesPerOrganisation))), SampleTasks.AgentBy(random)));
            }

            (ended, _open) = (_open, started);
        }

        var now = TimeProvider.System.GetUtcNow();
        using var body = new MemoryStream();
        foreach (var line in ended.Select(call => Ended(call, now, random)).Concat(started.Select(call => Started(call, now))))
        {
            JsonSerializer.Serialize(body, line, Json.Options);
            body.WriteByte((byte)'\n');
        }

        return body.ToArray();
    }

    private static Line Started(Call call, DateTimeOffset now) =>
        new() { TaskId = call.Id, SpaceToken = call.Space, Agent = call.Agent, Status = "in_progress", CreatedAt = now, UpdatedAt = now };

    private static Line Ended(Call call, DateTimeOffset now, Random random) => new()
    {
        TaskId = call.Id,
        SpaceToken = call.Space,
        Agent = call.Agent,
        Status = "completed",
        Outcome = Outcomes[random.Next(Outcomes.Length)],
        SuccessScore = random.Next(1, 11),
        DurationSeconds = random.Next(5, 600),
        UpdatedAt = now,
    };

    private sealed record Call(string Id, string Space, string Agent);

    // A line of the native format.
    private sealed record Line
    {
        public required string TaskId { get; init; }

        public required string SpaceToken { get; init; }

        public required string Agent { get; init; }

        public required string Status { get; init; }

        public string? Outcome { get; init; }

        public int? SuccessScore { get; init; }

        public int? DurationSeconds { get; init; }

        public DateTimeOffset? CreatedAt { get; init; }

        public required DateTimeOffset UpdatedAt { get; init; }
    }
}
