namespace Analytics.Bench.Traffic;

/// <summary>What became of a request.</summary>
internal enum Fate
{
    /// <summary>It was answered with 200.</summary>
    Served,

    /// <summary>It was answered with 429 or 503, and when to come again.</summary>
    Refused,

    /// <summary>All connections were busy for so long that it was given up.</summary>
    Unsent,
}

/// <summary>A request and its answer.</summary>
/// <param name="Due">When the request was to be sent, counted from the beginning.</param>
/// <param name="Late">How long after that it was sent: what the load took, not the service.</param>
/// <param name="Took">How long after it was due it was answered.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="IsPush">Whether it was to write.</param>
internal sealed record Reply(TimeSpan Due, TimeSpan Late, TimeSpan Took, Fate Fate, bool IsPush);
