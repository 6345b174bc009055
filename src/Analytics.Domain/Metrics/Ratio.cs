namespace Analytics.Domain.Metrics;

/// <summary>How ratios are rounded.</summary>
public static class Ratio
{
    /// <summary>Dividing by it drops a decimal's trailing zeros: 467.00 becomes 467.</summary>
    private const decimal TrailingZeroStripper = 1.0000000000000000000000000000m;

    /// <summary>Two decimals, half away from zero, without trailing zeros; 0 over nothing.</summary>
    public static decimal Divide(decimal numerator, decimal denominator) =>
        DivideOrNull(numerator, denominator) ?? 0;

    /// <summary>Two decimals, half away from zero, without trailing zeros; none over nothing.</summary>
    public static decimal? DivideOrNull(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero) / TrailingZeroStripper;

    /// <summary>By how many in a hundred a number is more than an earlier one; none where that was 0.</summary>
    public static decimal? ChangePercent(decimal current, decimal previous) => DivideOrNull((current - previous) * 100, previous);
}
