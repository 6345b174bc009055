namespace Analytics.Application.Storage;

/// <summary>The columns of <c>Measures</c> in SQL. The table's alias is <c>r</c>, that of a batch of deltas <c>d</c>.</summary>
public static class MeasureColumns
{
    // In the order of Measures.Columns.
    public const string Names =
        """
        interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other, pending,
        in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls
        """;

    public const string Parameters =
        """
        @Interested, @CallBack, @SendDetails, @NotInterested, @NotConnected, @CallsFailed, @CallsOther,
        @Pending, @InProgress, @Completed, @TasksFailed, @TasksOther, @ScoreSum, @ScoredCalls, @DurationSum,
        @TimedCalls
        """;

    public const string Rollup =
        """
        r.interested, r.call_back, r.send_details, r.not_interested, r.not_connected, r.calls_failed,
        r.calls_other, r.pending, r.in_progress, r.completed, r.tasks_failed, r.tasks_other, r.score_sum,
        r.scored_calls, r.duration_sum, r.timed_calls
        """;

    // For outer joins: zero instead of NULL. Dapper maps the aliases.
    public const string RollupOrZero =
        """
        COALESCE(r.interested, 0) AS Interested, COALESCE(r.call_back, 0) AS CallBack,
        COALESCE(r.send_details, 0) AS SendDetails, COALESCE(r.not_interested, 0) AS NotInterested,
        COALESCE(r.not_connected, 0) AS NotConnected, COALESCE(r.calls_failed, 0) AS CallsFailed,
        COALESCE(r.calls_other, 0) AS CallsOther, COALESCE(r.pending, 0) AS Pending,
        COALESCE(r.in_progress, 0) AS InProgress, COALESCE(r.completed, 0) AS Completed,
        COALESCE(r.tasks_failed, 0) AS TasksFailed, COALESCE(r.tasks_other, 0) AS TasksOther,
        COALESCE(r.score_sum, 0) AS ScoreSum, COALESCE(r.scored_calls, 0) AS ScoredCalls,
        COALESCE(r.duration_sum, 0) AS DurationSum, COALESCE(r.timed_calls, 0) AS TimedCalls
        """;

    // PostgreSQL's SUM of bigint is numeric, and SUM over no rows is NULL. Dapper maps the aliases.
    public const string RollupSums =
        """
        CAST(COALESCE(SUM(r.interested), 0) AS BIGINT) AS Interested,
        CAST(COALESCE(SUM(r.call_back), 0) AS BIGINT) AS CallBack,
        CAST(COALESCE(SUM(r.send_details), 0) AS BIGINT) AS SendDetails,
        CAST(COALESCE(SUM(r.not_interested), 0) AS BIGINT) AS NotInterested,
        CAST(COALESCE(SUM(r.not_connected), 0) AS BIGINT) AS NotConnected,
        CAST(COALESCE(SUM(r.calls_failed), 0) AS BIGINT) AS CallsFailed,
        CAST(COALESCE(SUM(r.calls_other), 0) AS BIGINT) AS CallsOther,
        CAST(COALESCE(SUM(r.pending), 0) AS BIGINT) AS Pending,
        CAST(COALESCE(SUM(r.in_progress), 0) AS BIGINT) AS InProgress,
        CAST(COALESCE(SUM(r.completed), 0) AS BIGINT) AS Completed,
        CAST(COALESCE(SUM(r.tasks_failed), 0) AS BIGINT) AS TasksFailed,
        CAST(COALESCE(SUM(r.tasks_other), 0) AS BIGINT) AS TasksOther,
        CAST(COALESCE(SUM(r.score_sum), 0) AS BIGINT) AS ScoreSum,
        CAST(COALESCE(SUM(r.scored_calls), 0) AS BIGINT) AS ScoredCalls,
        CAST(COALESCE(SUM(r.duration_sum), 0) AS BIGINT) AS DurationSum,
        CAST(COALESCE(SUM(r.timed_calls), 0) AS BIGINT) AS TimedCalls
        """;

    // The sums over the requested window, whose ranges are added or subtracted.
    public const string WindowSums =
        """
        CAST(SUM(r.in_window * r.interested) AS BIGINT) AS Interested,
        CAST(SUM(r.in_window * r.call_back) AS BIGINT) AS CallBack,
        CAST(SUM(r.in_window * r.send_details) AS BIGINT) AS SendDetails,
        CAST(SUM(r.in_window * r.not_interested) AS BIGINT) AS NotInterested,
        CAST(SUM(r.in_window * r.not_connected) AS BIGINT) AS NotConnected,
        CAST(SUM(r.in_window * r.calls_failed) AS BIGINT) AS CallsFailed,
        CAST(SUM(r.in_window * r.calls_other) AS BIGINT) AS CallsOther,
        CAST(SUM(r.in_window * r.pending) AS BIGINT) AS Pending,
        CAST(SUM(r.in_window * r.in_progress) AS BIGINT) AS InProgress,
        CAST(SUM(r.in_window * r.completed) AS BIGINT) AS Completed,
        CAST(SUM(r.in_window * r.tasks_failed) AS BIGINT) AS TasksFailed,
        CAST(SUM(r.in_window * r.tasks_other) AS BIGINT) AS TasksOther,
        CAST(SUM(r.in_window * r.score_sum) AS BIGINT) AS ScoreSum,
        CAST(SUM(r.in_window * r.scored_calls) AS BIGINT) AS ScoredCalls,
        CAST(SUM(r.in_window * r.duration_sum) AS BIGINT) AS DurationSum,
        CAST(SUM(r.in_window * r.timed_calls) AS BIGINT) AS TimedCalls
        """;

    // The sums over the two windows of a comparison.
    public const string ComparedSums =
        """
        CAST(SUM(r.in_current * r.interested) AS BIGINT) AS CurrentInterested,
        CAST(SUM(r.in_current * r.call_back) AS BIGINT) AS CurrentCallBack,
        CAST(SUM(r.in_current * r.send_details) AS BIGINT) AS CurrentSendDetails,
        CAST(SUM(r.in_current * r.not_interested) AS BIGINT) AS CurrentNotInterested,
        CAST(SUM(r.in_current * r.not_connected) AS BIGINT) AS CurrentNotConnected,
        CAST(SUM(r.in_current * r.calls_failed) AS BIGINT) AS CurrentCallsFailed,
        CAST(SUM(r.in_current * r.calls_other) AS BIGINT) AS CurrentCallsOther,
        CAST(SUM(r.in_current * r.pending) AS BIGINT) AS CurrentPending,
        CAST(SUM(r.in_current * r.in_progress) AS BIGINT) AS CurrentInProgress,
        CAST(SUM(r.in_current * r.completed) AS BIGINT) AS CurrentCompleted,
        CAST(SUM(r.in_current * r.tasks_failed) AS BIGINT) AS CurrentTasksFailed,
        CAST(SUM(r.in_current * r.tasks_other) AS BIGINT) AS CurrentTasksOther,
        CAST(SUM(r.in_current * r.score_sum) AS BIGINT) AS CurrentScoreSum,
        CAST(SUM(r.in_current * r.scored_calls) AS BIGINT) AS CurrentScoredCalls,
        CAST(SUM(r.in_current * r.duration_sum) AS BIGINT) AS CurrentDurationSum,
        CAST(SUM(r.in_current * r.timed_calls) AS BIGINT) AS CurrentTimedCalls,
        CAST(SUM(r.in_earlier * r.interested) AS BIGINT) AS EarlierInterested,
        CAST(SUM(r.in_earlier * r.call_back) AS BIGINT) AS EarlierCallBack,
        CAST(SUM(r.in_earlier * r.send_details) AS BIGINT) AS EarlierSendDetails,
        CAST(SUM(r.in_earlier * r.not_interested) AS BIGINT) AS EarlierNotInterested,
        CAST(SUM(r.in_earlier * r.not_connected) AS BIGINT) AS EarlierNotConnected,
        CAST(SUM(r.in_earlier * r.calls_failed) AS BIGINT) AS EarlierCallsFailed,
        CAST(SUM(r.in_earlier * r.calls_other) AS BIGINT) AS EarlierCallsOther,
        CAST(SUM(r.in_earlier * r.pending) AS BIGINT) AS EarlierPending,
        CAST(SUM(r.in_earlier * r.in_progress) AS BIGINT) AS EarlierInProgress,
        CAST(SUM(r.in_earlier * r.completed) AS BIGINT) AS EarlierCompleted,
        CAST(SUM(r.in_earlier * r.tasks_failed) AS BIGINT) AS EarlierTasksFailed,
        CAST(SUM(r.in_earlier * r.tasks_other) AS BIGINT) AS EarlierTasksOther,
        CAST(SUM(r.in_earlier * r.score_sum) AS BIGINT) AS EarlierScoreSum,
        CAST(SUM(r.in_earlier * r.scored_calls) AS BIGINT) AS EarlierScoredCalls,
        CAST(SUM(r.in_earlier * r.duration_sum) AS BIGINT) AS EarlierDurationSum,
        CAST(SUM(r.in_earlier * r.timed_calls) AS BIGINT) AS EarlierTimedCalls
        """;

    // Every call has one outcome, and every task one status.
    public const string TotalCalls =
        "(r.interested + r.call_back + r.send_details + r.not_interested + r.not_connected + r.calls_failed + r.calls_other)";

    public const string TotalTasks = "(r.pending + r.in_progress + r.completed + r.tasks_failed + r.tasks_other)";

    public const string Delta =
        """
        d.interested, d.call_back, d.send_details, d.not_interested, d.not_connected, d.calls_failed,
        d.calls_other, d.pending, d.in_progress, d.completed, d.tasks_failed, d.tasks_other, d.score_sum,
        d.scored_calls, d.duration_sum, d.timed_calls
        """;

    public const string AddDelta =
        """
        interested = r.interested + d.interested, call_back = r.call_back + d.call_back,
        send_details = r.send_details + d.send_details, not_interested = r.not_interested + d.not_interested,
        not_connected = r.not_connected + d.not_connected, calls_failed = r.calls_failed + d.calls_failed,
        calls_other = r.calls_other + d.calls_other, pending = r.pending + d.pending,
        in_progress = r.in_progress + d.in_progress, completed = r.completed + d.completed,
        tasks_failed = r.tasks_failed + d.tasks_failed, tasks_other = r.tasks_other + d.tasks_other,
        score_sum = r.score_sum + d.score_sum, scored_calls = r.scored_calls + d.scored_calls,
        duration_sum = r.duration_sum + d.duration_sum, timed_calls = r.timed_calls + d.timed_calls
        """;

    // For ON CONFLICT DO UPDATE.
    public const string AddExcluded =
        """
        interested = r.interested + excluded.interested, call_back = r.call_back + excluded.call_back,
        send_details = r.send_details + excluded.send_details,
        not_interested = r.not_interested + excluded.not_interested,
        not_connected = r.not_connected + excluded.not_connected,
        calls_failed = r.calls_failed + excluded.calls_failed,
        calls_other = r.calls_other + excluded.calls_other, pending = r.pending + excluded.pending,
        in_progress = r.in_progress + excluded.in_progress, completed = r.completed + excluded.completed,
        tasks_failed = r.tasks_failed + excluded.tasks_failed,
        tasks_other = r.tasks_other + excluded.tasks_other, score_sum = r.score_sum + excluded.score_sum,
        scored_calls = r.scored_calls + excluded.scored_calls,
        duration_sum = r.duration_sum + excluded.duration_sum,
        timed_calls = r.timed_calls + excluded.timed_calls
        """;

    public const string AddParameters =
        """
        interested = interested + @Interested, call_back = call_back + @CallBack,
        send_details = send_details + @SendDetails, not_interested = not_interested + @NotInterested,
        not_connected = not_connected + @NotConnected, calls_failed = calls_failed + @CallsFailed,
        calls_other = calls_other + @CallsOther, pending = pending + @Pending,
        in_progress = in_progress + @InProgress, completed = completed + @Completed,
        tasks_failed = tasks_failed + @TasksFailed, tasks_other = tasks_other + @TasksOther,
        score_sum = score_sum + @ScoreSum, scored_calls = scored_calls + @ScoredCalls,
        duration_sum = duration_sum + @DurationSum, timed_calls = timed_calls + @TimedCalls
        """;

    public static readonly IReadOnlyList<string> ParameterNames =
        Parameters.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
