using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// The quarter of an hour that holds the present: start included, end not. It is all that a question knows of the clock, so
/// that what "today" means changes at most every 15 minutes.
/// </summary>
/// <param name="Start">Its first instant.</param>
public readonly record struct QuarterHour(Timestamp Start)
{
    /// <summary>How long a slot is, and how finely a range can be cut.</summary>
    public const long Milliseconds = 15 * 60 * 1000;

    /// <summary>The first instant after it.</summary>
    public Timestamp End => new(Start.UnixMilliseconds + Milliseconds);

    /// <summary>The slot that holds the present.</summary>
    public static QuarterHour Current(TimeProvider clock) => Containing(Timestamp.Now(clock));

    /// <summary>The slot that holds an instant.</summary>
    public static QuarterHour Containing(Timestamp instant) => new(new Timestamp(instant.UnixMilliseconds - Math.DivRem(instant.UnixMilliseconds, Milliseconds) switch
    {
        (_, < 0 and var remainder) => remainder + Milliseconds,
        (_, var remainder) => remainder,
    }));
}
