using Analytics.Domain;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.FunctionalTests.Support;

/// <summary>Writes about a few tasks, so that they meet each other.</summary>
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

    public static readonly Gen<TaskWrite> Any =
        from task in Gen.Int[1, 8]
        from updatedAt in Gen.Long[1, 30]
        from isDeletion in Gen.Frequency((5, false), (1, true))
        from space in Gen.Long[1, 3]
        from product in Gen.OneOf("a", "b")
        from type in Gen.OneOf("call", "email")
        from status in Gen.OneOf("pending", "in_progress", "completed", "failed", "hold")
        from label in Gen.OneOf<string?>([.. KnownLabels.Keys, "Unknown", "Voicemail", null])
        from score in Gen.Nullable(Gen.Int[0, 100_000])
        from duration in Gen.Nullable(Gen.Long[0, 100_000])
        select new TaskWrite
        {
            TaskId = $"t{task}",
            UpdatedAt = new Instant(updatedAt),
            UpdatedAtIsGiven = true,
            CreatedAtIsGiven = true,
            Content = isDeletion ? null : new TaskContent
            {
                SpaceId = space,
                ProductId = product,
                RunId = "",
                Agent = "",
                Direction = Direction.None,
                ExecutionType = type,
                Status = status,
                Label = label,
                Outcome = null,
                SuccessScore = score,
                Duration = duration,
                CreatedAt = new Instant(7),
            }.Judged(),
        };
}
