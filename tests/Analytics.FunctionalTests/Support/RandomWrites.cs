using System.Globalization;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.FunctionalTests.Support;

/// <summary>Writes of a few tasks, so that they conflict.</summary>
internal static class RandomWrites
{
    public static readonly IReadOnlyDictionary<string, string> KnownLabels = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Interested"] = "interested",
        ["InterestedIn"] = "interested",
        ["call_back"] = "call_back",
        ["Send Details"] = "send_details",
        ["not interested"] = "not_interested",
        ["Not Connected"] = "not_connected",
    };

    // Close to the boundaries of quarter hours, hours, days and months.
    public static readonly Timestamp[] BoundaryTimes =
    [
        .. new[] { "2026-02-27T18:29:59.999Z", "2026-02-27T18:30:00Z", "2026-02-28T00:00:00Z", "2026-02-28T23:59:59.999Z",
            "2026-03-01T00:00:00Z", "2026-03-01T05:44:00Z", "2026-03-29T01:00:00Z" }
            .Select(time => Timestamp.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture))),
    ];

    public static readonly Gen<TaskWrite> Generator =
        from task in Gen.Int[1, 8]
        from updatedAt in Gen.Long[1, 30]
        from isDeletion in Gen.Frequency((5, false), (1, true))
        from space in Gen.Long[1, 3]
        from product in Gen.OneOf("a", "b")
        from type in Gen.OneOf("call", "email")
        from status in Gen.OneOf("pending", "in_progress", "completed", "failed", "hold")
        from label in Gen.OneOf<string?>([.. KnownLabels.Keys, "Unknown", "Voicemail", "VOICEMAIL", "_Voicemail", null])
        from score in Gen.Nullable(Gen.Int[0, 100_000])
        from duration in Gen.Nullable(Gen.Long[0, 100_000])
        from createdAt in Gen.OneOf(BoundaryTimes)
        from agent in Gen.OneOf("", "a", "B", "\u00e9 \U0001F600")
        from direction in Gen.Enum<Direction>()
        from run in Gen.OneOf("", "r", "R2")
        select new TaskWrite
        {
            TaskId = $"t{task}",
            UpdatedAt = new Timestamp(updatedAt),
            HasUpdatedAt = true,
            HasCreatedAt = true,
            Content = isDeletion ? null : new TaskContent
            {
                SpaceId = space,
                ProductId = product,
                RunId = run,
                Agent = agent,
                Direction = direction,
                ExecutionType = type,
                Status = status,
                Label = label,
                Outcome = null,
                SuccessScore = score,
                Duration = duration,
                CreatedAt = createdAt,
            }.WithClassifiedOutcome(),
        };

    // The same write in the organisation's own space of that number.
    public static TaskWrite InOrganisationSpace(this TaskWrite write, long organisation) =>
        write.Content is { } content ? write with { Content = content with { SpaceId = (organisation * 10) + content.SpaceId } } : write;
}
