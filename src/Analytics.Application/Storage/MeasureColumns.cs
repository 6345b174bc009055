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
