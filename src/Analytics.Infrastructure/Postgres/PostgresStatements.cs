namespace Analytics.Infrastructure.Postgres;

internal static class PostgresStatements
{
    public const string ReadStored =
        """
        SELECT task_id        AS TaskId,
               updated_at     AS UpdatedAt,
               space_id       AS SpaceId,
               product_id     AS ProductId,
               run_id         AS RunId,
               agent          AS Agent,
               direction      AS Direction,
               execution_type AS ExecutionType,
               status         AS Status,
               label          AS Label,
               outcome        AS Outcome,
               success_score  AS SuccessScore,
               duration       AS Duration,
               created_at     AS CreatedAt
          FROM tasks
         WHERE organisation_id = @OrganisationId
           AND task_id = ANY(@TaskIds)
        """;

    /// <summary>Not an insert from arrays: the server takes rows from a copy in half of the time.</summary>
    public const string CopyTasks =
        """
        COPY tasks (
             organisation_id, task_id, updated_at, space_id, product_id, run_id, agent, direction, execution_type, status, label,
             outcome, success_score, duration, created_at)
        FROM STDIN (FORMAT BINARY)
        """;

    public const string UpdateTasks =
        """
        UPDATE tasks t
           SET updated_at = r.updated_at,
               space_id = r.space_id,
               product_id = r.product_id,
               run_id = r.run_id,
               agent = r.agent,
               direction = r.direction,
               execution_type = r.execution_type,
               status = r.status,
               label = r.label,
               outcome = r.outcome,
               success_score = r.success_score,
               duration = r.duration,
               created_at = r.created_at
          FROM unnest(
               @TaskIds, @UpdatedAts, @SpaceIds, @ProductIds, @RunIds, @Agents, @Directions, @ExecutionTypes,
               @Statuses, @Labels, @Outcomes, @SuccessScores, @Durations, @CreatedAts)
            AS r (
               task_id, updated_at, space_id, product_id, run_id, agent, direction, execution_type,
               status, label, outcome, success_score, duration, created_at)
         WHERE t.organisation_id = @OrganisationId
           AND t.task_id = r.task_id
        """;

    /// <summary>Not an upsert: an upsert's row is checked before the update, and a change may be negative.</summary>
    public const string AddToTotals =
        """
        UPDATE task_totals t
           SET interested = t.interested + a.interested,
               call_back = t.call_back + a.call_back,
               send_details = t.send_details + a.send_details,
               not_interested = t.not_interested + a.not_interested,
               not_connected = t.not_connected + a.not_connected,
               calls_failed = t.calls_failed + a.calls_failed,
               calls_other = t.calls_other + a.calls_other,
               pending = t.pending + a.pending,
               in_progress = t.in_progress + a.in_progress,
               completed = t.completed + a.completed,
               tasks_failed = t.tasks_failed + a.tasks_failed,
               tasks_other = t.tasks_other + a.tasks_other,
               score_sum = t.score_sum + a.score_sum,
               scored_calls = t.scored_calls + a.scored_calls,
               duration_sum = t.duration_sum + a.duration_sum,
               timed_calls = t.timed_calls + a.timed_calls
          FROM unnest(
               @SpaceIds, @ProductIds, @Interested, @CallBack, @SendDetails, @NotInterested, @NotConnected,
               @CallsFailed, @CallsOther, @Pending, @InProgress, @Completed, @TasksFailed, @TasksOther, @ScoreSum,
               @ScoredCalls, @DurationSum, @TimedCalls)
            AS a (
               space_id, product_id, interested, call_back, send_details, not_interested, not_connected,
               calls_failed, calls_other, pending, in_progress, completed, tasks_failed, tasks_other, score_sum,
               scored_calls, duration_sum, timed_calls)
         WHERE t.organisation_id = @OrganisationId
           AND t.space_id = a.space_id
           AND t.product_id = a.product_id
        """;

    public const string InsertTotals =
        """
        INSERT INTO task_totals (
               organisation_id, space_id, product_id,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other,
               pending, in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum,
               timed_calls)
        SELECT v.organisation_id, a.*
          FROM organisation_versions v
         CROSS JOIN unnest(
               @SpaceIds, @ProductIds, @Interested, @CallBack, @SendDetails, @NotInterested, @NotConnected,
               @CallsFailed, @CallsOther, @Pending, @InProgress, @Completed, @TasksFailed, @TasksOther, @ScoreSum,
               @ScoredCalls, @DurationSum, @TimedCalls)
            AS a (
               space_id, product_id, interested, call_back, send_details, not_interested, not_connected,
               calls_failed, calls_other, pending, in_progress, completed, tasks_failed, tasks_other, score_sum,
               scored_calls, duration_sum, timed_calls)
         WHERE v.organisation_id = @OrganisationId
           AND NOT EXISTS (
               SELECT 1
                 FROM task_totals t
                WHERE t.organisation_id = v.organisation_id
                  AND t.space_id = a.space_id
                  AND t.product_id = a.product_id)
        """;

    /// <summary>For changes without a minus: the row of an upsert is checked before the update.</summary>
    public const string UpsertPeriods =
        """
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other, pending,
               in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
        SELECT v.organisation_id, a.*
          FROM organisation_versions v
         CROSS JOIN unnest(
               @SpaceIds, @ProductIds, @Granularities, @StartsAt, @Agents, @Directions, @Interested, @CallBack, @SendDetails,
               @NotInterested, @NotConnected, @CallsFailed, @CallsOther, @Pending, @InProgress, @Completed,
               @TasksFailed, @TasksOther, @ScoreSum, @ScoredCalls, @DurationSum, @TimedCalls) a
         WHERE v.organisation_id = @OrganisationId
            ON CONFLICT (organisation_id, space_id, product_id, granularity, starts_at, agent, direction) DO UPDATE
           SET interested = task_rollups.interested + excluded.interested,
               call_back = task_rollups.call_back + excluded.call_back,
               send_details = task_rollups.send_details + excluded.send_details,
               not_interested = task_rollups.not_interested + excluded.not_interested,
               not_connected = task_rollups.not_connected + excluded.not_connected,
               calls_failed = task_rollups.calls_failed + excluded.calls_failed,
               calls_other = task_rollups.calls_other + excluded.calls_other,
               pending = task_rollups.pending + excluded.pending,
               in_progress = task_rollups.in_progress + excluded.in_progress,
               completed = task_rollups.completed + excluded.completed,
               tasks_failed = task_rollups.tasks_failed + excluded.tasks_failed,
               tasks_other = task_rollups.tasks_other + excluded.tasks_other,
               score_sum = task_rollups.score_sum + excluded.score_sum,
               scored_calls = task_rollups.scored_calls + excluded.scored_calls,
               duration_sum = task_rollups.duration_sum + excluded.duration_sum,
               timed_calls = task_rollups.timed_calls + excluded.timed_calls
        """;

    /// <summary>For changes with a minus, which take from what is there.</summary>
    public const string UpdatePeriods =
        """
        UPDATE task_rollups p
           SET interested = p.interested + a.interested,
               call_back = p.call_back + a.call_back,
               send_details = p.send_details + a.send_details,
               not_interested = p.not_interested + a.not_interested,
               not_connected = p.not_connected + a.not_connected,
               calls_failed = p.calls_failed + a.calls_failed,
               calls_other = p.calls_other + a.calls_other,
               pending = p.pending + a.pending,
               in_progress = p.in_progress + a.in_progress,
               completed = p.completed + a.completed,
               tasks_failed = p.tasks_failed + a.tasks_failed,
               tasks_other = p.tasks_other + a.tasks_other,
               score_sum = p.score_sum + a.score_sum,
               scored_calls = p.scored_calls + a.scored_calls,
               duration_sum = p.duration_sum + a.duration_sum,
               timed_calls = p.timed_calls + a.timed_calls
          FROM unnest(
               @SpaceIds, @ProductIds, @Granularities, @StartsAt, @Agents, @Directions, @Interested, @CallBack, @SendDetails,
               @NotInterested, @NotConnected, @CallsFailed, @CallsOther, @Pending, @InProgress, @Completed,
               @TasksFailed, @TasksOther, @ScoreSum, @ScoredCalls, @DurationSum, @TimedCalls)
            AS a (
               space_id, product_id, granularity, starts_at, agent, direction, interested, call_back, send_details,
               not_interested, not_connected, calls_failed, calls_other, pending, in_progress, completed,
               tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
         WHERE p.organisation_id = @OrganisationId
           AND p.space_id = a.space_id
           AND p.product_id = a.product_id
           AND p.granularity = a.granularity
           AND p.starts_at = a.starts_at
           AND p.agent = a.agent
           AND p.direction = a.direction
        """;

    /// <summary>LATERAL, so that each run is one range of the primary key, whatever the planner thinks of how many there are.</summary>
    public const string SumPeriods =
        """
        SELECT CAST(r.range_index - 1 AS INTEGER) AS RangeIndex, s.*
          FROM unnest(@SpaceIds, @Granularities, @StartsAt, @EndsAt, @BucketWidths) WITH ORDINALITY
            AS r (space_id, granularity, starts_at, ends_at, bucket_width, range_index)
         CROSS JOIN LATERAL (
               SELECT (p.starts_at - r.starts_at) / r.bucket_width AS bucket,
               CASE WHEN @ByAgent THEN p.agent ELSE '' END     AS agent,
               CASE WHEN @ByAgent THEN p.direction ELSE '' END AS direction,
               CAST(SUM(p.interested) AS BIGINT) AS Interested,
               CAST(SUM(p.call_back) AS BIGINT) AS CallBack,
               CAST(SUM(p.send_details) AS BIGINT) AS SendDetails,
               CAST(SUM(p.not_interested) AS BIGINT) AS NotInterested,
               CAST(SUM(p.not_connected) AS BIGINT) AS NotConnected,
               CAST(SUM(p.calls_failed) AS BIGINT) AS CallsFailed,
               CAST(SUM(p.calls_other) AS BIGINT) AS CallsOther,
               CAST(SUM(p.pending) AS BIGINT) AS Pending,
               CAST(SUM(p.in_progress) AS BIGINT) AS InProgress,
               CAST(SUM(p.completed) AS BIGINT) AS Completed,
               CAST(SUM(p.tasks_failed) AS BIGINT) AS TasksFailed,
               CAST(SUM(p.tasks_other) AS BIGINT) AS TasksOther,
               CAST(SUM(p.score_sum) AS BIGINT) AS ScoreSum,
               CAST(SUM(p.scored_calls) AS BIGINT) AS ScoredCalls,
               CAST(SUM(p.duration_sum) AS BIGINT) AS DurationSum,
               CAST(SUM(p.timed_calls) AS BIGINT) AS TimedCalls
          FROM task_rollups p
         WHERE p.organisation_id = @OrganisationId
           AND p.space_id = r.space_id
           AND p.product_id = @ProductId
           AND p.granularity = r.granularity
           AND p.starts_at >= r.starts_at
           AND p.starts_at < r.ends_at
           AND (CAST(@Agents AS text[]) IS NULL OR p.agent = ANY(@Agents))
           AND (CAST(@Direction AS text) IS NULL OR p.direction = @Direction)
         GROUP BY 1, 2, 3) s
        """;

    public const string LastOfNextTasks =
        """
        SELECT MAX(n.task_id)
          FROM (SELECT task_id
                  FROM tasks
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id
                 LIMIT @BatchSize) n
        """;

    /// <summary>One range of the primary key, whatever the planner thinks of how many rows there are.</summary>
    public const string ErasePeriods =
        """
        DELETE FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND (space_id, product_id, granularity, starts_at, agent, direction) <= (
               SELECT space_id, product_id, granularity, starts_at, agent, direction
                 FROM task_rollups
                WHERE organisation_id = @OrganisationId
                ORDER BY space_id, product_id, granularity, starts_at, agent, direction
                LIMIT 1 OFFSET @BatchSize - 1)
        """;
}
