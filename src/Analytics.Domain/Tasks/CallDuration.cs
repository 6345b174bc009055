namespace Analytics.Domain.Tasks;

/// <summary>How long a call lasted, kept in whole milliseconds.</summary>
public static class CallDuration
{
    /// <summary>The longest duration that is believed, in seconds.</summary>
    public const decimal MaxSeconds = 1_000_000_000;

    /// <summary>Whether a duration can be believed.</summary>
    public static bool IsValid(decimal seconds) => seconds is >= 0 and <= MaxSeconds;

    /// <summary>Whole milliseconds, half away from zero.</summary>
    public static long ToMilliseconds(decimal seconds) => (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
}
