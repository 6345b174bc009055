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
         WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE t.organisation_id = @OrganisationId AND t.task_id = r.task_id)
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
}
