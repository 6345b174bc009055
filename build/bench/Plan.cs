namespace Analytics.Bench;

/// <summary>How much is measured.</summary>
/// <param name="Sizes">The tasks of each database, smallest first.</param>
/// <param name="Rounds">How often everything is measured, in turn; the median counts.</param>
/// <param name="Seconds">How long one measurement of a server takes.</param>
/// <param name="IsQuick">Whether this only shows that the bench works: then a missed bar means nothing.</param>
internal sealed record Plan(IReadOnlyList<int> Sizes, int Rounds, int Seconds, bool IsQuick)
{
    /// <summary>Fewer give a median that chance decides.</summary>
    public const int LeastRounds = 5;

    /// <summary>Whatever hangs ends here.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromHours(3);

    public static Plan Whole { get; } = new([10_000, 1_000_000, 10_000_000], LeastRounds, Seconds: 5, IsQuick: false);

    /// <summary>How long one question of a dashboard is asked: there are many, and the slowest take most of a second.</summary>
    public const int SecondsOfAQuestion = 2;

    public static Plan Quick { get; } = new([10_000, 100_000], Rounds: 2, Seconds: 1, IsQuick: true);
}
