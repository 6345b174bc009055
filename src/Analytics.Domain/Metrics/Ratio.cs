namespace Analytics.Domain.Metrics;

/// <summary>Ratios have two decimals, rounded half away from zero, without trailing zeros.</summary>
public static class Ratio
{
    // Dividing by it drops a decimal's trailing zeros: 467.00 becomes 467.
    private const decimal TrailingZeroStripper = 1.0000000000000000000000000000m;

    public static decimal Divide(decimal numerator, decimal denominator) => DivideOrNull(numerator, denominator) ?? 0;

    public static decimal? DivideOrNull(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero) / TrailingZeroStripper;

    public static decimal? ChangePercent(decimal current, decimal previous) => DivideOrNull((current - previous) * 100, previous);

    /// <summary>
    /// Of two exact quotients: rounded ones may be equal while the quotients differ. One over zero is 0, as in <see cref="Divide"/>.
    /// </summary>
    public static decimal? ChangePercent(
        (decimal Numerator, decimal Denominator) current, (decimal Numerator, decimal Denominator) previous) =>
        previous.Denominator == 0 ? null
        : current.Denominator == 0 ? ChangePercent(0, previous.Numerator)
        : ChangePercent(current.Numerator * previous.Denominator, previous.Numerator * current.Denominator);

    /// <summary>The difference of two exact quotients in percentage points; null if either has nothing to divide by.</summary>
    public static decimal? ChangePoints(
        (decimal Numerator, decimal Denominator) current, (decimal Numerator, decimal Denominator) previous) =>
        DivideOrNull(
            ((current.Numerator * previous.Denominator) - (previous.Numerator * current.Denominator)) * 100,
            current.Denominator * previous.Denominator);
}
