namespace Analytics.Domain.Metrics;

/// <summary>
/// The bucket widths of rollups, in UTC. Agents, runs and labels multiply the rows, so tasks are counted for all of them combined, by
/// agent and direction (Agent…), by run, agent and direction (Run…), and by label (Label…).
/// </summary>
public enum Granularity
{
    // Boundaries of ranges in any time zone are multiples of 15 minutes.
    QuarterHour = 1,

    // For the days of time zones that do not begin at midnight UTC.
    Hour = 2,
    Day = 3,
    AgentDay = 4,
    AgentMonth = 5,
    RunQuarterHour = 6,
    RunDay = 7,
    LabelHour = 8,
    LabelDay = 9,
    LabelMonth = 10,
}

public static class Granularities
{
    private const long MillisecondsPerMinute = 60_000;

    // Each list is finest first: each bucket consists of whole buckets of the granularity before.
    public static IReadOnlyList<Granularity> Combined { get; } = [Granularity.QuarterHour, Granularity.Hour, Granularity.Day];

    // An agent's quarter hour is the sum of its runs.
    public static IReadOnlyList<Granularity> PerAgent { get; } =
        [Granularity.RunQuarterHour, Granularity.AgentDay, Granularity.AgentMonth];

    public static IReadOnlyList<Granularity> PerRun { get; } = [Granularity.RunQuarterHour, Granularity.RunDay];

    public static IReadOnlyList<Granularity> PerLabel { get; } =
        [Granularity.LabelHour, Granularity.LabelDay, Granularity.LabelMonth];

    /// <summary>A month is the sum of its days of the same kind.</summary>
    public static IReadOnlyList<(Granularity Day, Granularity Month)> MonthsWithDays { get; } =
        [(Granularity.AgentDay, Granularity.AgentMonth), (Granularity.LabelDay, Granularity.LabelMonth)];

    /// <summary>Whether there are rollups over all counted spaces too.</summary>
    public static bool HasAllSpaces(Granularity granularity) => granularity switch
    {
        Granularity.QuarterHour or Granularity.Hour or Granularity.Day or Granularity.LabelDay or Granularity.LabelMonth => true,
        Granularity.AgentDay or Granularity.AgentMonth or Granularity.RunQuarterHour or Granularity.RunDay or Granularity.LabelHour =>
            false,
    };

    public static bool IsMonth(Granularity granularity) => FixedWidth(granularity) is null;

    public static Timestamp StartOf(Granularity granularity, Timestamp at) =>
        FixedWidth(granularity) is { } width ? Floor(at, width) : StartOfMonth(at, monthsLater: 0);

    public static Timestamp EndOf(Granularity granularity, Timestamp at) =>
        FixedWidth(granularity) is { } width ? new(Floor(at, width).UnixMilliseconds + width) : StartOfMonth(at, monthsLater: 1);

    private static long? FixedWidth(Granularity granularity) => granularity switch
    {
        Granularity.QuarterHour or Granularity.RunQuarterHour => 15 * MillisecondsPerMinute,
        Granularity.Hour or Granularity.LabelHour => 60 * MillisecondsPerMinute,
        Granularity.Day or Granularity.AgentDay or Granularity.RunDay or Granularity.LabelDay => 24 * 60 * MillisecondsPerMinute,
        Granularity.AgentMonth or Granularity.LabelMonth => null,
    };

    private static Timestamp Floor(Timestamp at, long milliseconds) =>
        new(at.UnixMilliseconds - (((at.UnixMilliseconds % milliseconds) + milliseconds) % milliseconds));

    private static Timestamp StartOfMonth(Timestamp at, int monthsLater)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds);
        return Timestamp.From(new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(monthsLater));
    }
}
