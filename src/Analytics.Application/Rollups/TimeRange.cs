namespace Analytics.Application.Rollups;

/// <summary>A range of time: <c>From</c> is included, <c>To</c> is not. Null is unbounded.</summary>
public sealed record TimeRange(Timestamp? From, Timestamp? To)
{
    public static TimeRange All { get; } = new(null, null);

    public bool Contains(Timestamp timestamp) => !(timestamp < From) && !(timestamp >= To);
}
