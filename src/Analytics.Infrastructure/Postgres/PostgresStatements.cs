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

    /// <summary>The row of the organisation's version says to which server of many the rows go, when they are many.</summary>
    public const string UpsertTasks =
        """
        INSERT INTO tasks (
               organisation_id, task_id,
               updated_at, space_id, product_id, run_id, agent, direction, execution_type, status, label, outcome,
               success_score, duration, created_at)
        SELECT v.organisation_id, t.*
          FROM organisation_versions v
         CROSS JOIN unnest(
               @TaskIds, @UpdatedAts, @SpaceIds, @ProductIds, @RunIds, @Agents, @Directions, @ExecutionTypes,
               @Statuses, @Labels, @Outcomes, @SuccessScores, @Durations, @CreatedAts) t
         WHERE v.organisation_id = @OrganisationId
            ON CONFLICT (organisation_id, task_id) DO UPDATE
           SET updated_at = excluded.updated_at,
               space_id = excluded.space_id,
               product_id = excluded.product_id,
               run_id = excluded.run_id,
               agent = excluded.agent,
               direction = excluded.direction,
               execution_type = excluded.execution_type,
               status = excluded.status,
               label = excluded.label,
               outcome = excluded.outcome,
               success_score = excluded.success_score,
               duration = excluded.duration,
               created_at = excluded.created_at
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
}
