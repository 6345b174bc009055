namespace Analytics.Bench;

/// <summary>The sizes and durations of the comparison with the baseline. A quick plan ignores missed targets.</summary>
internal sealed record Plan(IReadOnlyList<int> Sizes, int Rounds, int Seconds, bool IsQuick)
{
    // The median of fewer rounds is too noisy.
    public const int MinRounds = 5;

    public static readonly TimeSpan MaxRunTime = TimeSpan.FromHours(3);

    public static Plan Whole { get; } = new([10_000, 1_000_000, 10_000_000], MinRounds, Seconds: 5, IsQuick: false);

    public static Plan Quick { get; } = new([1_000, 10_000], Rounds: 2, Seconds: 1, IsQuick: true);

    // There are many dashboard queries, and the slowest take almost a second.
    public int SecondsPerQuery => IsQuick ? 1 : 2;

    // Tiered compilation ends after half a minute of load: the shares of a colder service are much lower. A server is warmed up more
    // than once.
    public int WarmUpSeconds => IsQuick ? 1 : 10;
}

/// <summary>The size and durations of the soak and the overload. A quick plan ignores missed targets.</summary>
/// <remarks>
/// <c>Step</c>: one number of connections while finding the peak. <c>Steady</c>: one rate while finding the capacity.
/// <c>Peak</c>: a peak, and the normal load after an overload.
/// </remarks>
internal sealed record LoadPlan(
    int Tasks, TimeSpan Step, TimeSpan Steady, TimeSpan Soak, int Rounds, TimeSpan Peak, TimeSpan Overload, bool IsQuick)
{
    public static LoadPlan Whole { get; } = new(
        1_000_000, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), Rounds: 3, TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(30), IsQuick: false);

    public static LoadPlan Quick { get; } = new(
        10_000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), Rounds: 1, TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(3), IsQuick: true);
}
