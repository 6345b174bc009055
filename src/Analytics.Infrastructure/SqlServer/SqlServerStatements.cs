namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// No MERGE: it has races and defects of its own. No lock hints: the row of the organisation's version is the queue of its
/// writers.
/// </summary>
internal static class SqlServerStatements
{
    public const string ReadStored =
        """
        SELECT t.task_id        AS TaskId,
               t.updated_at     AS UpdatedAt,
               t.space_id       AS SpaceId,
               t.product_id     AS ProductId,
               t.run_id         AS RunId,
               t.agent          AS Agent,
               t.direction      AS Direction,
               t.execution_type AS ExecutionType,
               t.status         AS Status,
               t.label          AS Label,
               t.outcome        AS Outcome,
               t.success_score  AS SuccessScore,
               t.duration       AS Duration,
               t.created_at     AS CreatedAt
          FROM @TaskIds i
          JOIN tasks t ON t.organisation_id = @OrganisationId AND t.task_id = i.task_id
        """;

    public const string UpdateTasks =
        """
        UPDATE t
           SET t.updated_at = r.updated_at,
               t.space_id = r.space_id,
               t.product_id = r.product_id,
               t.run_id = r.run_id,
               t.agent = r.agent,
               t.direction = r.direction,
               t.execution_type = r.execution_type,
               t.status = r.status,
               t.label = r.label,
               t.outcome = r.outcome,
               t.success_score = r.success_score,
               t.duration = r.duration,
               t.created_at = r.created_at
          FROM @Tasks r
          JOIN tasks t ON t.organisation_id = @OrganisationId AND t.task_id = r.task_id
        """;

    public const string InsertTasks =
        """
        INSERT INTO tasks (
               organisation_id, task_id,
               updated_at, space_id, product_id, run_id, agent, direction, execution_type, status, label, outcome,
               success_score, duration, created_at)
        SELECT @OrganisationId, r.task_id,
               r.updated_at, r.space_id, r.product_id, r.run_id, r.agent, r.direction, r.execution_type, r.status,
               r.label, r.outcome, r.success_score, r.duration, r.created_at
          FROM @Tasks r
        """;

    public const string AddToTotals =
        """
        UPDATE t
           SET t.interested = t.interested + a.interested,
               t.call_back = t.call_back + a.call_back,
               t.send_details = t.send_details + a.send_details,
               t.not_interested = t.not_interested + a.not_interested,
               t.not_connected = t.not_connected + a.not_connected,
               t.calls_failed = t.calls_failed + a.calls_failed,
               t.calls_other = t.calls_other + a.calls_other,
               t.pending = t.pending + a.pending,
               t.in_progress = t.in_progress + a.in_progress,
               t.completed = t.completed + a.completed,
               t.tasks_failed = t.tasks_failed + a.tasks_failed,
               t.tasks_other = t.tasks_other + a.tasks_other,
               t.score_sum = t.score_sum + a.score_sum,
               t.scored_calls = t.scored_calls + a.scored_calls,
               t.duration_sum = t.duration_sum + a.duration_sum,
               t.timed_calls = t.timed_calls + a.timed_calls
          FROM @Added a
          JOIN task_totals t ON t.organisation_id = @OrganisationId AND t.space_id = a.space_id AND t.product_id = a.product_id
        """;

    public const string InsertTotals =
        """
        INSERT INTO task_totals (
               organisation_id, space_id, product_id,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other,
               pending, in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum,
               timed_calls)
        SELECT @OrganisationId, a.space_id, a.product_id,
               a.interested, a.call_back, a.send_details, a.not_interested, a.not_connected, a.calls_failed,
               a.calls_other, a.pending, a.in_progress, a.completed, a.tasks_failed, a.tasks_other, a.score_sum,
               a.scored_calls, a.duration_sum, a.timed_calls
          FROM @Added a
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_totals t
                WHERE t.organisation_id = @OrganisationId AND t.space_id = a.space_id AND t.product_id = a.product_id)
        """;

    public const string AddToPeriods =
        """
        UPDATE p
           SET p.interested = p.interested + a.interested,
               p.call_back = p.call_back + a.call_back,
               p.send_details = p.send_details + a.send_details,
               p.not_interested = p.not_interested + a.not_interested,
               p.not_connected = p.not_connected + a.not_connected,
               p.calls_failed = p.calls_failed + a.calls_failed,
               p.calls_other = p.calls_other + a.calls_other,
               p.pending = p.pending + a.pending,
               p.in_progress = p.in_progress + a.in_progress,
               p.completed = p.completed + a.completed,
               p.tasks_failed = p.tasks_failed + a.tasks_failed,
               p.tasks_other = p.tasks_other + a.tasks_other,
               p.score_sum = p.score_sum + a.score_sum,
               p.scored_calls = p.scored_calls + a.scored_calls,
               p.duration_sum = p.duration_sum + a.duration_sum,
               p.timed_calls = p.timed_calls + a.timed_calls
          FROM @AddedRollups a
          JOIN task_rollups p
            ON p.organisation_id = @OrganisationId
           AND p.space_id = a.space_id
           AND p.product_id = a.product_id
           AND p.granularity = a.granularity
           AND p.starts_at = a.starts_at
           AND p.agent = a.agent
           AND p.direction = a.direction
        """;

    public const string InsertPeriods =
        """
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other, pending,
               in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
        SELECT @OrganisationId,
               a.space_id, a.product_id, a.granularity, a.starts_at, a.agent, a.direction,
               a.interested, a.call_back, a.send_details, a.not_interested, a.not_connected, a.calls_failed,
               a.calls_other, a.pending, a.in_progress, a.completed, a.tasks_failed, a.tasks_other, a.score_sum,
               a.scored_calls, a.duration_sum, a.timed_calls
          FROM @AddedRollups a
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_rollups p
                WHERE p.organisation_id = @OrganisationId
                  AND p.space_id = a.space_id
                  AND p.product_id = a.product_id
                  AND p.granularity = a.granularity
                  AND p.starts_at = a.starts_at
                  AND p.agent = a.agent
                  AND p.direction = a.direction)
        """;

    public const string SumPeriods =
        """
        SELECT r.range_index AS RangeIndex, s.*
          FROM @Ranges r
         CROSS APPLY (
               SELECT b.bucket AS Bucket, b.agent AS Agent, b.direction AS Direction,
               SUM(b.interested) AS Interested,
               SUM(b.call_back) AS CallBack,
               SUM(b.send_details) AS SendDetails,
               SUM(b.not_interested) AS NotInterested,
               SUM(b.not_connected) AS NotConnected,
               SUM(b.calls_failed) AS CallsFailed,
               SUM(b.calls_other) AS CallsOther,
               SUM(b.pending) AS Pending,
               SUM(b.in_progress) AS InProgress,
               SUM(b.completed) AS Completed,
               SUM(b.tasks_failed) AS TasksFailed,
               SUM(b.tasks_other) AS TasksOther,
               SUM(b.score_sum) AS ScoreSum,
               SUM(b.scored_calls) AS ScoredCalls,
               SUM(b.duration_sum) AS DurationSum,
               SUM(b.timed_calls) AS TimedCalls
                 FROM (SELECT (p.starts_at - r.starts_at) / r.bucket_width AS bucket,
                              CASE WHEN @ByAgent = 1 THEN p.agent ELSE '' END     AS agent,
                              CASE WHEN @ByAgent = 1 THEN p.direction ELSE '' END AS direction,
                              p.interested, p.call_back, p.send_details, p.not_interested, p.not_connected, p.calls_failed,
                              p.calls_other, p.pending, p.in_progress, p.completed, p.tasks_failed, p.tasks_other, p.score_sum,
                              p.scored_calls, p.duration_sum, p.timed_calls
                         FROM task_rollups p
                        WHERE p.organisation_id = @OrganisationId
                          AND p.space_id = r.space_id
                          AND p.product_id = @ProductId
                          AND p.granularity = r.granularity
                          AND p.starts_at >= r.starts_at
                          AND p.starts_at < r.ends_at
                          AND (@AnyAgent = 1 OR p.agent IN (SELECT agent FROM @AgentNames))
                          AND (@AnyDirection = 1 OR p.direction = @Direction)) b
                GROUP BY b.bucket, b.agent, b.direction) s
        """;

    public const string LastOfNextTasks =
        """
        SELECT MAX(n.task_id)
          FROM (SELECT TOP (@BatchSize) task_id
                  FROM tasks
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id) n
        """;

    public const string ErasePeriods = "DELETE TOP (@BatchSize) FROM task_rollups WHERE organisation_id = @OrganisationId";
}
