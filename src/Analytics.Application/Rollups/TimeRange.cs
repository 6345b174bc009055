using Analytics.Domain;

namespace Analytics.Application.Rollups;

/// <summary>A stretch of time: start included, end not. A bound that is absent does not bound.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it.</param>
public sealed record TimeRange(Timestamp? From, Timestamp? To)
{
    /// <summary>All of time.</summary>
    public static TimeRange All { get; } = new(null, null);

    /// <summary>Whether an instant lies in it.</summary>
    public bool Contains(Timestamp timestamp) => !(timestamp < From) && !(timestamp >= To);
}
