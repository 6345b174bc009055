using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>
/// The counts and sums of a set of tasks; every rollup has these columns, whatever its granularity. Totals are computed from the
/// stored parts and are not stored themselves, so that they always match.
/// </summary>
public sealed record Measures
{
    public static Measures Zero { get; } = new();

    // Calls by outcome.
    public long Interested { get; init; }
    public long CallBack { get; init; }
    public long SendDetails { get; init; }
    public long NotInterested { get; init; }
    public long NotConnected { get; init; }
    public long CallsFailed { get; init; }
    public long CallsOther { get; init; }

    // Tasks by status.
    public long Pending { get; init; }
    public long InProgress { get; init; }
    public long Completed { get; init; }
    public long TasksFailed { get; init; }
    public long TasksOther { get; init; }

    // Scores of calls in hundredths, durations of calls in milliseconds.
    public long ScoreSum { get; init; }
    public long ScoredCalls { get; init; }
    public long DurationSum { get; init; }
    public long TimedCalls { get; init; }

    public long TotalCalls => Interested + CallBack + SendDetails + NotInterested + NotConnected + CallsFailed + CallsOther;

    public long TotalTasks => Pending + InProgress + Completed + TasksFailed + TasksOther;

    // A mean over scored calls, never a mean of means.
    public decimal AverageSuccessScore => Ratio.Divide(ScoreSum, ScoredCalls * 100m);

    public decimal SuccessRate => Ratio.Divide(Completed * 100m, TotalTasks);

    public decimal SuccessScoreSum => ScoreSum / 100m;

    public decimal DurationSecondsSum => DurationSum / 1000m;

    public decimal? AverageDurationSeconds => Ratio.DivideOrNull(DurationSum, TimedCalls * 1000m);

    /// <summary>Whether a set of tasks with these measures can exist: every call is a task, and only calls are scored and timed.</summary>
    public bool IsConsistent =>
        !HasNegative && TotalCalls <= TotalTasks && ScoredCalls <= TotalCalls && TimedCalls <= TotalCalls;

    // The sign bit is set if it is in any.
    public bool HasNegative =>
        (Interested | CallBack | SendDetails | NotInterested | NotConnected | CallsFailed | CallsOther
            | Pending | InProgress | Completed | TasksFailed | TasksOther | ScoreSum | ScoredCalls | DurationSum | TimedCalls) < 0;

    public IEnumerable<(string Name, long Value)> Columns =>
    [
        ("interested", Interested), ("call_back", CallBack), ("send_details", SendDetails), ("not_interested", NotInterested),
        ("not_connected", NotConnected), ("calls_failed", CallsFailed), ("calls_other", CallsOther),
        ("pending", Pending), ("in_progress", InProgress), ("completed", Completed),
        ("tasks_failed", TasksFailed), ("tasks_other", TasksOther),
        ("score_sum", ScoreSum), ("scored_calls", ScoredCalls), ("duration_sum", DurationSum), ("timed_calls", TimedCalls),
    ];

    public static Measures From(TaskContent task)
    {
        var status = StatusCategories.Parse(task.Status);
        var (score, duration) = task.Outcome is null ? (null, null) : (task.SuccessScore, task.Duration);
        return new()
        {
            Interested = Count(task.Outcome == Outcome.Interested),
            CallBack = Count(task.Outcome == Outcome.CallBack),
            SendDetails = Count(task.Outcome == Outcome.SendDetails),
            NotInterested = Count(task.Outcome == Outcome.NotInterested),
            NotConnected = Count(task.Outcome == Outcome.NotConnected),
            CallsFailed = Count(task.Outcome == Outcome.Failed),
            CallsOther = Count(task.Outcome == Outcome.Other),
            Pending = Count(status == StatusCategory.Pending),
            InProgress = Count(status == StatusCategory.InProgress),
            Completed = Count(status == StatusCategory.Completed),
            TasksFailed = Count(status == StatusCategory.Failed),
            TasksOther = Count(status == StatusCategory.Other),
            ScoreSum = score ?? 0,
            ScoredCalls = Count(score is not null),
            DurationSum = duration ?? 0,
            TimedCalls = Count(duration is not null),
        };
    }

    // In the order of Columns. Reading through Dapper would box each number.
    public static Measures FromColumns<TRow>(TRow row, int first, Func<TRow, int, long> read) => new()
    {
        Interested = read(row, first),
        CallBack = read(row, first + 1),
        SendDetails = read(row, first + 2),
        NotInterested = read(row, first + 3),
        NotConnected = read(row, first + 4),
        CallsFailed = read(row, first + 5),
        CallsOther = read(row, first + 6),
        Pending = read(row, first + 7),
        InProgress = read(row, first + 8),
        Completed = read(row, first + 9),
        TasksFailed = read(row, first + 10),
        TasksOther = read(row, first + 11),
        ScoreSum = read(row, first + 12),
        ScoredCalls = read(row, first + 13),
        DurationSum = read(row, first + 14),
        TimedCalls = read(row, first + 15),
    };

    public long CallCount(Outcome outcome) => outcome switch
    {
        Outcome.Interested => Interested,
        Outcome.CallBack => CallBack,
        Outcome.SendDetails => SendDetails,
        Outcome.NotInterested => NotInterested,
        Outcome.NotConnected => NotConnected,
        Outcome.Failed => CallsFailed,
        Outcome.Other => CallsOther,
    };

    public static Measures operator +(Measures left, Measures right) => left.Plus(right, 1);

    public static Measures operator -(Measures left, Measures right) => left.Plus(right, -1);

    private static long Count(bool condition) => condition ? 1 : 0;

    private Measures Plus(Measures other, long sign) => new()
    {
        Interested = Interested + (sign * other.Interested),
        CallBack = CallBack + (sign * other.CallBack),
        SendDetails = SendDetails + (sign * other.SendDetails),
        NotInterested = NotInterested + (sign * other.NotInterested),
        NotConnected = NotConnected + (sign * other.NotConnected),
        CallsFailed = CallsFailed + (sign * other.CallsFailed),
        CallsOther = CallsOther + (sign * other.CallsOther),
        Pending = Pending + (sign * other.Pending),
        InProgress = InProgress + (sign * other.InProgress),
        Completed = Completed + (sign * other.Completed),
        TasksFailed = TasksFailed + (sign * other.TasksFailed),
        TasksOther = TasksOther + (sign * other.TasksOther),
        ScoreSum = ScoreSum + (sign * other.ScoreSum),
        ScoredCalls = ScoredCalls + (sign * other.ScoredCalls),
        DurationSum = DurationSum + (sign * other.DurationSum),
        TimedCalls = TimedCalls + (sign * other.TimedCalls),
    };
}
