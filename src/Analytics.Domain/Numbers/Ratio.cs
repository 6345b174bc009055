namespace Analytics.Domain.Numbers;

/// <summary>How ratios are rounded.</summary>
public static class Ratio
{
    /// <summary>Dividing by it drops a decimal's trailing zeros: 467.00 becomes 467.</summary>
    private const decimal OneWithMostDecimals = 1.0000000000000000000000000000m;

    /// <summary>Two decimals, half away from zero, without trailing zeros; 0 over nothing.</summary>
    public static decimal Of(decimal numerator, decimal denominator) =>
        denominator == 0 ? 0 : Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero) / OneWithMostDecimals;
}
