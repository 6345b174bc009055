namespace Analytics.Domain.Metrics;

/// <summary>
/// How finely time is cut where tasks are counted by it, in UTC: no more than questions need. Agents multiply rows, so that
/// what is asked about all agents together is kept apart from what is asked by agent.
/// </summary>
public enum Granularity
{
    /// <summary>15 minutes: the edges of any range, in any zone.</summary>
    QuarterHour = 1,

    /// <summary>Hours: the parts of days of zones whose days are not those of UTC.</summary>
    Hour = 2,

    /// <summary>Days.</summary>
    Day = 3,

    /// <summary>15 minutes, by agent and direction.</summary>
    AgentQuarterHour = 4,

    /// <summary>Days, by agent and direction.</summary>
    AgentDay = 5,

    /// <summary>Calendar months, by agent and direction.</summary>
    AgentMonth = 6,
}

/// <summary>Where the stretches of a granularity begin and end.</summary>
public static class Granularities
{
    private const long MillisecondsPerMinute = 60_000;

    /// <summary>The grains of tasks of all agents together, finest first; each stretch is made of whole ones of the granularity before.</summary>
    public static IReadOnlyList<Granularity> Combined { get; } = [Granularity.QuarterHour, Granularity.Hour, Granularity.Day];

    /// <summary>The grains of tasks by agent and direction, likewise.</summary>
    public static IReadOnlyList<Granularity> PerAgent { get; } = [Granularity.AgentQuarterHour, Granularity.AgentDay, Granularity.AgentMonth];

    /// <summary>The first instant of the stretch that holds this one.</summary>
    public static Timestamp StartOf(Granularity granularity, Timestamp at) => granularity switch
    {
        Granularity.QuarterHour or Granularity.AgentQuarterHour => Floor(at, 15 * MillisecondsPerMinute),
        Granularity.Hour => Floor(at, 60 * MillisecondsPerMinute),
        Granularity.Day or Granularity.AgentDay => Floor(at, 24 * 60 * MillisecondsPerMinute),
        Granularity.AgentMonth => StartOfMonth(at, monthsLater: 0),
    };

    /// <summary>The first instant after the stretch that holds this one.</summary>
    public static Timestamp EndOf(Granularity granularity, Timestamp at) => granularity switch
    {
        Granularity.QuarterHour or Granularity.AgentQuarterHour => new(Floor(at, 15 * MillisecondsPerMinute).UnixMilliseconds + (15 * MillisecondsPerMinute)),
        Granularity.Hour => new(Floor(at, 60 * MillisecondsPerMinute).UnixMilliseconds + (60 * MillisecondsPerMinute)),
        Granularity.Day or Granularity.AgentDay => new(Floor(at, 24 * 60 * MillisecondsPerMinute).UnixMilliseconds + (24 * 60 * MillisecondsPerMinute)),
        Granularity.AgentMonth => StartOfMonth(at, monthsLater: 1),
    };

    private static Timestamp Floor(Timestamp at, long milliseconds) => new(at.UnixMilliseconds - (((at.UnixMilliseconds % milliseconds) + milliseconds) % milliseconds));

    private static Timestamp StartOfMonth(Timestamp at, int monthsLater)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds);
        return Timestamp.From(new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(monthsLater));
    }
}
