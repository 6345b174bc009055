using System.Globalization;

namespace Analytics.Domain;

/// <summary>A point in time, UTC, in whole milliseconds: finer parts are cut on entry, before any comparison.</summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct Timestamp(long UnixMilliseconds) : IComparable<Timestamp>
{
    /// <summary>Cuts a time to its millisecond.</summary>
    public static Timestamp From(DateTimeOffset time) =>
        new(Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.TicksPerMillisecond) switch
        {
            (var milliseconds, < 0) => milliseconds - 1,
            (var milliseconds, _) => milliseconds,
        });

    /// <summary>The present, as the clock tells it.</summary>
    public static Timestamp Now(TimeProvider clock) => From(clock.GetUtcNow());

    /// <inheritdoc />
    public int CompareTo(Timestamp other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>ISO 8601 with milliseconds and <c>Z</c>.</summary>
    public override string ToString() =>
        DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>This instant, later by a span.</summary>
    public static Timestamp operator +(Timestamp timestamp, TimeSpan span) => new(timestamp.UnixMilliseconds + (long)span.TotalMilliseconds);

    /// <summary>This instant, earlier by a span.</summary>
    public static Timestamp operator -(Timestamp timestamp, TimeSpan span) => new(timestamp.UnixMilliseconds - (long)span.TotalMilliseconds);

    /// <summary>Earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}
