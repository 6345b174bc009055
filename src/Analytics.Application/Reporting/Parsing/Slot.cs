using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// The quarter of an hour that holds the present: start included, end not. It is all that a question knows of the clock, so
/// that what "today" means changes at most every 15 minutes.
/// </summary>
/// <param name="Start">Its first instant.</param>
public readonly record struct Slot(Instant Start)
{
    /// <summary>How long a slot is, and how finely a range can be cut.</summary>
    public const long Milliseconds = 15 * 60 * 1000;

    /// <summary>The first instant after it.</summary>
    public Instant End => new(Start.UnixMilliseconds + Milliseconds);

    /// <summary>The slot that holds the present.</summary>
    public static Slot Now(TimeProvider clock) => Holding(Instant.Now(clock));

    /// <summary>The slot that holds an instant.</summary>
    public static Slot Holding(Instant instant) => new(new Instant(instant.UnixMilliseconds - Math.DivRem(instant.UnixMilliseconds, Milliseconds) switch
    {
        (_, < 0 and var past) => past + Milliseconds,
        (_, var past) => past,
    }));
}
