namespace Analytics.Domain.Metrics;

/// <summary>How ratios are rounded.</summary>
public static class Ratio
{
    /// <summary>Dividing by it drops a decimal's trailing zeros: 467.00 becomes 467.</summary>
    private const decimal OneWithMostDecimals = 1.0000000000000000000000000000m;

    /// <summary>Two decimals, half away from zero, without trailing zeros; 0 over nothing.</summary>
    public static decimal Of(decimal numerator, decimal denominator) =>
        OrNone(numerator, denominator) ?? 0;

    /// <summary>Two decimals, half away from zero, without trailing zeros; none over nothing.</summary>
    public static decimal? OrNone(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero) / OneWithMostDecimals;

    /// <summary>By how many in a hundred a number is more than an earlier one; none where that was 0.</summary>
    public static decimal? ChangePercent(decimal current, decimal earlier) => OrNone((current - earlier) * 100, earlier);
}
