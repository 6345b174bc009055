using System.Globalization;

namespace Analytics.Domain;

/// <summary>A UTC time in whole milliseconds, as stored. Finer fractions are truncated on input, before any comparison.</summary>
public readonly record struct Timestamp(long UnixMilliseconds) : IComparable<Timestamp>
{
    public static Timestamp From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public static Timestamp Now(TimeProvider clock) => From(clock.GetUtcNow());

    public int CompareTo(Timestamp other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    public override string ToString() =>
        DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static Timestamp operator +(Timestamp left, TimeSpan right) => new(left.UnixMilliseconds + (long)right.TotalMilliseconds);

    public static Timestamp operator -(Timestamp left, TimeSpan right) => new(left.UnixMilliseconds - (long)right.TotalMilliseconds);

    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}
