using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>
/// The counts and sums of a set of tasks. Totals are sums of these parts and stored nowhere, so that they always add up.
/// Every rollup keeps the same measures, whatever its granularity.
/// </summary>
public sealed record Measures
{
    /// <summary>The measures of no tasks.</summary>
    public static Measures Zero { get; } = new();

    /// <summary>Calls whose outcome is interested.</summary>
    public long Interested { get; init; }

    /// <summary>Calls whose outcome is call_back.</summary>
    public long CallBack { get; init; }

    /// <summary>Calls whose outcome is send_details.</summary>
    public long SendDetails { get; init; }

    /// <summary>Calls whose outcome is not_interested.</summary>
    public long NotInterested { get; init; }

    /// <summary>Calls whose outcome is not_connected.</summary>
    public long NotConnected { get; init; }

    /// <summary>Calls whose outcome is failed.</summary>
    public long CallsFailed { get; init; }

    /// <summary>Calls whose outcome is other.</summary>
    public long CallsOther { get; init; }

    /// <summary>Tasks that are pending.</summary>
    public long Pending { get; init; }

    /// <summary>Tasks that are in progress.</summary>
    public long InProgress { get; init; }

    /// <summary>Tasks that are completed.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks that failed.</summary>
    public long TasksFailed { get; init; }

    /// <summary>Tasks of any other status.</summary>
    public long TasksOther { get; init; }

    /// <summary>The sum of the scores of calls, in hundredths.</summary>
    public long ScoreSum { get; init; }

    /// <summary>Calls that are scored.</summary>
    public long ScoredCalls { get; init; }

    /// <summary>The sum of the durations of calls, in milliseconds.</summary>
    public long DurationSum { get; init; }

    /// <summary>Calls that are timed.</summary>
    public long TimedCalls { get; init; }

    /// <summary>All calls: the six outcomes and other.</summary>
    public long TotalCalls => Interested + CallBack + SendDetails + NotInterested + NotConnected + CallsFailed + CallsOther;

    /// <summary>All tasks: the four statuses and the rest.</summary>
    public long TotalTasks => Pending + InProgress + Completed + TasksFailed + TasksOther;

    /// <summary>The mean over scored calls, never a mean of means.</summary>
    public decimal AverageSuccessScore => Ratio.Divide(ScoreSum, ScoredCalls * 100m);

    /// <summary>Completed tasks in a hundred.</summary>
    public decimal SuccessRate => Ratio.Divide(Completed * 100m, TotalTasks);

    /// <summary>The sum of the scores on their own scale.</summary>
    public decimal SuccessScoreSum => ScoreSum / 100m;

    /// <summary>The sum of the durations in seconds.</summary>
    public decimal DurationSecondsSum => DurationSum / 1000m;

    /// <summary>The mean of the durations in seconds; none where no call is timed.</summary>
    public decimal? AverageDurationSeconds => Ratio.DivideOrNull(DurationSum, TimedCalls * 1000m);

    /// <summary>Whether the parts make what is counted: outcomes are those of calls, calls are tasks, and only calls are scored and timed.</summary>
    public bool IsConsistent => !HasNegative && TotalCalls <= TotalTasks && ScoredCalls <= TotalCalls && TimedCalls <= TotalCalls;

    /// <summary>Whether any part is less than nothing, as in a change that takes away.</summary>
    public bool HasNegative => Columns.Any(column => column.Value < 0);

    /// <summary>Every stored part, by its name.</summary>
    public IEnumerable<(string Name, long Value)> Columns =>
    [
        ("interested", Interested), ("call_back", CallBack), ("send_details", SendDetails), ("not_interested", NotInterested),
        ("not_connected", NotConnected), ("calls_failed", CallsFailed), ("calls_other", CallsOther),
        ("pending", Pending), ("in_progress", InProgress), ("completed", Completed), ("tasks_failed", TasksFailed), ("tasks_other", TasksOther),
        ("score_sum", ScoreSum), ("scored_calls", ScoredCalls), ("duration_sum", DurationSum), ("timed_calls", TimedCalls),
    ];

    /// <summary>The measures of one task.</summary>
    public static Measures From(TaskContent task)
    {
        var statusMeasures = FromStatus(StatusCategories.Parse(task.Status));
        return task.Outcome is not { } outcome ? statusMeasures : statusMeasures + FromOutcome(outcome) + new Measures
        {
            ScoreSum = task.SuccessScore ?? 0,
            ScoredCalls = task.SuccessScore is null ? 0 : 1,
            DurationSum = task.Duration ?? 0,
            TimedCalls = task.Duration is null ? 0 : 1,
        };
    }

    /// <summary>Reads the measures from a row's columns, in the order of <see cref="Columns"/>. Dapper would box each number.</summary>
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

    /// <summary>How many calls have an outcome.</summary>
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

    /// <summary>The measures of two sets together.</summary>
    public static Measures operator +(Measures left, Measures right) => left.Plus(right, 1);

    /// <summary>The measures of a set without another.</summary>
    public static Measures operator -(Measures left, Measures right) => left.Plus(right, -1);

    private static Measures FromStatus(StatusCategory category) => category switch
    {
        StatusCategory.Pending => new() { Pending = 1 },
        StatusCategory.InProgress => new() { InProgress = 1 },
        StatusCategory.Completed => new() { Completed = 1 },
        StatusCategory.Failed => new() { TasksFailed = 1 },
        StatusCategory.Other => new() { TasksOther = 1 },
    };

    private static Measures FromOutcome(Outcome outcome) => outcome switch
    {
        Outcome.Interested => new() { Interested = 1 },
        Outcome.CallBack => new() { CallBack = 1 },
        Outcome.SendDetails => new() { SendDetails = 1 },
        Outcome.NotInterested => new() { NotInterested = 1 },
        Outcome.NotConnected => new() { NotConnected = 1 },
        Outcome.Failed => new() { CallsFailed = 1 },
        Outcome.Other => new() { CallsOther = 1 },
    };

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
