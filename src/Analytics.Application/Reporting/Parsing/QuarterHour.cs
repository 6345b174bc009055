using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// The current quarter hour, start included, end not. Queries know the clock only to this precision, so that the meaning of
/// "today" changes at most every 15 minutes and responses can be cached in between.
/// </summary>
public readonly record struct QuarterHour(Timestamp Start)
{
    public Timestamp End => Granularities.EndOf(Granularity.QuarterHour, Start);

    public static QuarterHour Current(TimeProvider clock) => Containing(Timestamp.Now(clock));

    public static QuarterHour Containing(Timestamp time) => new(Granularities.StartOf(Granularity.QuarterHour, time));

    public LocalDate DayIn(DateTimeZone zone) => zone.At(Start).Date;
}
