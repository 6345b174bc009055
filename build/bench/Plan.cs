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

    public static Plan Quick { get; } = new([1_000, 10_000], Rounds: 2, Seconds: 1, IsQuick: true);

    /// <summary>How long one question of a dashboard is asked: there are many, and the slowest take most of a second.</summary>
    public int SecondsOfAQuestion => IsQuick ? 1 : 2;

    /// <summary>However short the measurements are, what they measure is compiled by then.</summary>
    public int WarmingSeconds => IsQuick ? 1 : 5;
}

/// <summary>How much load a service has to bear.</summary>
/// <param name="Tasks">The tasks of the database.</param>
/// <param name="Step">How long the peak is looked for with one number of connections.</param>
/// <param name="Steady">How long a rate has to be borne to be called capacity.</param>
/// <param name="Soak">How long the soak lasts.</param>
/// <param name="Rounds">How often peak and overload take turns.</param>
/// <param name="Peak">How long a peak lasts; normal load afterwards is as long.</param>
/// <param name="Overload">How long an overload lasts.</param>
/// <param name="IsQuick">Whether this only shows that the bench works: then a missed bar means nothing.</param>
internal sealed record LoadPlan(int Tasks, TimeSpan Step, TimeSpan Steady, TimeSpan Soak, int Rounds, TimeSpan Peak, TimeSpan Overload, bool IsQuick)
{
    public static LoadPlan Whole { get; } = new(
        1_000_000, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), Rounds: 3, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), IsQuick: false);

    public static LoadPlan Quick { get; } = new(
        10_000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), Rounds: 1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), IsQuick: true);
}
