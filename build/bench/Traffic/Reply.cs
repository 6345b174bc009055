namespace Analytics.Bench.Traffic;

internal enum RequestOutcome
{
    // 200.
    Served,

    // 429 or 503, with Retry-After.
    Rejected,

    // All connections were busy for longer than the maximum delay.
    NotSent,
}

/// <summary>
/// A request. <c>Due</c> is relative to the start, <c>Late</c> the delay until it was sent (by the generator, not the service),
/// and <c>Took</c> the time from due to the response.
/// </summary>
internal sealed record Reply(TimeSpan Due, TimeSpan Late, TimeSpan Took, RequestOutcome Outcome, bool IsPush);
