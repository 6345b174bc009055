namespace Analytics.Domain.Metrics;

/// <summary>
/// How finely time is cut where tasks are counted by it, in UTC: no more than questions need. Agents multiply rows, so that
/// what is asked about all agents together is kept apart from what is asked by agent.
/// </summary>
public enum Grain
{
    /// <summary>15 minutes: the edges of any range, in any zone.</summary>
    Quarter = 1,

    /// <summary>Hours: the parts of days of zones whose days are not those of UTC.</summary>
    Hour = 2,

    /// <summary>Days.</summary>
    Day = 3,

    /// <summary>15 minutes, by agent and direction.</summary>
    AgentQuarter = 4,

    /// <summary>Days, by agent and direction.</summary>
    AgentDay = 5,

    /// <summary>Calendar months, by agent and direction.</summary>
    AgentMonth = 6,
}

/// <summary>Where the stretches of a granularity begin and end.</summary>
public static class Grains
{
    private const long Minute = 60_000;

    /// <summary>The grains of tasks of all agents together, finest first; each stretch is made of whole ones of the granularity before.</summary>
    public static IReadOnlyList<Grain> OfAll { get; } = [Grain.Quarter, Grain.Hour, Grain.Day];

    /// <summary>The grains of tasks by agent and direction, likewise.</summary>
    public static IReadOnlyList<Grain> OfAgents { get; } = [Grain.AgentQuarter, Grain.AgentDay, Grain.AgentMonth];

    /// <summary>The first instant of the stretch that holds this one.</summary>
    public static Instant StartOf(Grain granularity, Instant at) => granularity switch
    {
        Grain.Quarter or Grain.AgentQuarter => Floor(at, 15 * Minute),
        Grain.Hour => Floor(at, 60 * Minute),
        Grain.Day or Grain.AgentDay => Floor(at, 24 * 60 * Minute),
        Grain.AgentMonth => StartOfMonth(at, monthsLater: 0),
    };

    /// <summary>The first instant after the stretch that holds this one.</summary>
    public static Instant EndOf(Grain granularity, Instant at) => granularity switch
    {
        Grain.Quarter or Grain.AgentQuarter => new(Floor(at, 15 * Minute).UnixMilliseconds + (15 * Minute)),
        Grain.Hour => new(Floor(at, 60 * Minute).UnixMilliseconds + (60 * Minute)),
        Grain.Day or Grain.AgentDay => new(Floor(at, 24 * 60 * Minute).UnixMilliseconds + (24 * 60 * Minute)),
        Grain.AgentMonth => StartOfMonth(at, monthsLater: 1),
    };

    private static Instant Floor(Instant at, long milliseconds) => new(at.UnixMilliseconds - (((at.UnixMilliseconds % milliseconds) + milliseconds) % milliseconds));

    private static Instant StartOfMonth(Instant at, int monthsLater)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds);
        return Instant.From(new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(monthsLater));
    }
}
