namespace Analytics.Domain.Tasks;

/// <summary>How well a call went, 0 to 1000 on its evaluator's scale: stored in hundredths, rounded half away from zero.</summary>
public static class SuccessScore
{
    public const decimal Max = 1000;

    public static int ToHundredths(decimal score) => (int)Math.Round(score * 100, MidpointRounding.AwayFromZero);
}
