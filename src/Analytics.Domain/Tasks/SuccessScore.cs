namespace Analytics.Domain.Tasks;

/// <summary>How well a call went: 0 to 1000 on whatever scale its evaluator uses, kept in whole hundredths.</summary>
public static class SuccessScore
{
    /// <summary>The highest score.</summary>
    public const decimal Max = 1000;

    /// <summary>Whole hundredths, half away from zero.</summary>
    public static int ToHundredths(decimal score) => (int)Math.Round(score * 100, MidpointRounding.AwayFromZero);
}
