namespace Analytics.Domain.Numbers;

/// <summary>What the numbers mean.</summary>
public static class Metrics
{
    /// <summary>Grows when a number changes its meaning.</summary>
    public const int Version = 1;
}
