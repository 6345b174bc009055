namespace Analytics.Domain.Tasks;

/// <summary>How long a call lasted: stored in milliseconds, rounded half away from zero.</summary>
public static class CallDuration
{
    public const decimal MaxSeconds = 1_000_000_000;

    public static bool IsValid(decimal seconds) => seconds is >= 0 and <= MaxSeconds;

    public static long ToMilliseconds(decimal seconds) => (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
}
