namespace Analytics.Domain.Metrics;

/// <summary>
/// The bucket widths of rollups, in UTC. Agents multiply the rows, so tasks are counted both for all agents combined and by agent
/// and direction (Agent…).
/// </summary>
public enum Granularity
{
    // Boundaries of ranges in any time zone are multiples of 15 minutes.
    QuarterHour = 1,

    // For the days of time zones that do not begin at midnight UTC.
    Hour = 2,
    Day = 3,
    AgentQuarterHour = 4,
    AgentDay = 5,
    AgentMonth = 6,
}

public static class Granularities
{
    private const long MillisecondsPerMinute = 60_000;

    // Both lists are finest first: each bucket consists of whole buckets of the granularity before.
    public static IReadOnlyList<Granularity> Combined { get; } = [Granularity.QuarterHour, Granularity.Hour, Granularity.Day];

    public static IReadOnlyList<Granularity> PerAgent { get; } =
        [Granularity.AgentQuarterHour, Granularity.AgentDay, Granularity.AgentMonth];

    public static Timestamp StartOf(Granularity granularity, Timestamp at) =>
        FixedWidth(granularity) is { } width ? Floor(at, width) : StartOfMonth(at, monthsLater: 0);

    public static Timestamp EndOf(Granularity granularity, Timestamp at) =>
        FixedWidth(granularity) is { } width ? new(Floor(at, width).UnixMilliseconds + width) : StartOfMonth(at, monthsLater: 1);

    private static long? FixedWidth(Granularity granularity) => granularity switch
    {
        Granularity.QuarterHour or Granularity.AgentQuarterHour => 15 * MillisecondsPerMinute,
        Granularity.Hour => 60 * MillisecondsPerMinute,
        Granularity.Day or Granularity.AgentDay => 24 * 60 * MillisecondsPerMinute,
        Granularity.AgentMonth => null,
    };

    private static Timestamp Floor(Timestamp at, long milliseconds) =>
        new(at.UnixMilliseconds - (((at.UnixMilliseconds % milliseconds) + milliseconds) % milliseconds));

    private static Timestamp StartOfMonth(Timestamp at, int monthsLater)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds);
        return Timestamp.From(new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(monthsLater));
    }
}
