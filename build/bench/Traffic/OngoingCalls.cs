using System.Text.Json;

namespace Analytics.Bench.Traffic;

/// <summary>
/// The calls of one organisation as a partner pushes them: each push begins some, and tells how those ended that the push
/// before began. Pushes that overtake each other end in the same state.
/// </summary>
internal sealed class OngoingCalls(long organisationId)
{
    public const int MostOfAPush = 100;

    private static readonly string?[] Outcomes = ["Interested", "Not Interested", "Not Connected", "Not Connected", "Call Back", "Voicemail", null];

    private readonly Lock _gate = new();
    private IReadOnlyList<Call> _open = [];
    private int _begun;
    private long _acknowledged;
    private volatile bool _wasRefused;

    /// <summary>How many tasks the service said that it inserted.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Whether a push was refused: nobody promised that nothing of it was written.</summary>
    public bool WasRefused => _wasRefused;

    public void Refuse() => _wasRefused = true;

    public void Acknowledge(long inserted) => Interlocked.Add(ref _acknowledged, inserted);

    public byte[] NextPush(Random random)
    {
        var begun = new List<Call>();
        IReadOnlyList<Call> ended;
        lock (_gate)
        {
            for (var i = random.Next(MostOfAPush / 2); i >= 0; i--)
            {
                begun.Add(new Call($"P{organisationId:x6}{_begun++:x10}", Catalogue.TokenOf(Catalogue.SpaceId(organisationId, random.Next(Catalogue.SpacesEach))), SampleTasks.AgentBy(random)));
            }

            (ended, _open) = (_open, begun);
        }

        var now = TimeProvider.System.GetUtcNow();
        using var body = new MemoryStream();
        foreach (var line in ended.Select(call => Ended(call, now, random)).Concat(begun.Select(call => Begun(call, now))))
        {
            JsonSerializer.Serialize(body, line, Json.Options);
            body.WriteByte((byte)'\n');
        }

        return body.ToArray();
    }

    private static Line Begun(Call call, DateTimeOffset now) => new() { TaskId = call.Id, SpaceToken = call.Space, Agent = call.Agent, Status = "in_progress", CreatedAt = now, UpdatedAt = now };

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

    /// <summary>A line of the native format.</summary>
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
