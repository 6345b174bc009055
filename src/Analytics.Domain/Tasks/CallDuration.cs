namespace Analytics.Domain.Tasks;

/// <summary>How long a call lasted: stored in milliseconds, rounded half away from zero.</summary>
public static class CallDuration
{
    // 7 days. It also keeps every sum of durations far below the limit of its column.
    public const decimal MaxSeconds = 7 * 24 * 60 * 60;

    public static bool IsValid(decimal seconds) => seconds is >= 0 and <= MaxSeconds;

    public static long ToMilliseconds(decimal seconds) => (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
}
