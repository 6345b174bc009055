using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.Domain.Tests;

internal static class TestTasks
{
    public static TaskContent Example { get; } = new()
    {
        SpaceId = 1,
        ProductId = "unpod.dev",
        RunId = "",
        Agent = "",
        Direction = Direction.None,
        ExecutionType = "call",
        Status = "completed",
        Label = "Interested",
        Outcome = Outcome.Interested,
        SuccessScore = null,
        Duration = null,
        CreatedAt = new Timestamp(100),
    };

    // Few spaces and products, so that several tasks share a key.
    public static Gen<TaskContent> Generator { get; } =
        from space in Gen.Long[1, 3]
        from product in Gen.OneOf("a", "b")
        from type in Gen.OneOf("call", "Call", "email")
        from status in Gen.OneOf("pending", "in_progress", "completed", "Completed", "failed", "hold")
        from label in Gen.OneOf<string?>(
            "Interested", "call_back", "Send Details", "Not Interested", "Not Connected", "Error", "Voicemail", null)
        from score in Gen.Nullable(Gen.Int[0, 100_000])
        from duration in Gen.Nullable(Gen.Long[0, 1_000_000])
        from createdAt in Gen.Long[0, 4_000_000_000]
        from agent in Gen.OneOf("", "a", "b")
        from direction in Gen.Enum<Direction>()
        select (Example with
        {
            SpaceId = space,
            ProductId = product,
            ExecutionType = type,
            Status = status,
            Label = label,
            SuccessScore = score,
            Duration = duration,
            CreatedAt = new Timestamp(createdAt),
            Agent = agent,
            Direction = direction,
        }).WithClassifiedOutcome();
}
