namespace Analytics.Application.Storage;

/// <summary>
/// The columns of <c>tasks</c> in SQL, but for <c>organisation_id</c>. The table's alias is <c>t</c>, that of a batch of new rows <c>n</c>.
/// </summary>
public static class TaskColumns
{
    public const string Names =
        """
        task_id, updated_at, space_id, product_id, run_id, agent, direction, execution_type, status, label,
        outcome, success_score, duration, created_at, normalized_execution_type, normalized_status, normalized_label
        """;

    public const string Parameters =
        """
        @TaskId, @UpdatedAt, @SpaceId, @ProductId, @RunId, @Agent, @Direction, @ExecutionType, @Status, @Label,
        @Outcome, @SuccessScore, @Duration, @CreatedAt, @NormalizedExecutionType, @NormalizedStatus, @NormalizedLabel
        """;

    // Dapper maps the aliases to StoredTaskRow, which computes the normalised columns.
    public const string Select =
        """
        t.task_id AS TaskId, t.updated_at AS UpdatedAt, t.space_id AS SpaceId, t.product_id AS ProductId,
        t.run_id AS RunId, t.agent AS Agent, t.direction AS Direction, t.execution_type AS ExecutionType,
        t.status AS Status, t.label AS Label, t.outcome AS Outcome, t.success_score AS SuccessScore,
        t.duration AS Duration, t.created_at AS CreatedAt
        """;

    public const string SetNew =
        """
        updated_at = n.updated_at, space_id = n.space_id, product_id = n.product_id, run_id = n.run_id,
        agent = n.agent, direction = n.direction, execution_type = n.execution_type, status = n.status,
        label = n.label, outcome = n.outcome, success_score = n.success_score, duration = n.duration,
        created_at = n.created_at, normalized_execution_type = n.normalized_execution_type,
        normalized_status = n.normalized_status, normalized_label = n.normalized_label
        """;

    // For ON CONFLICT DO UPDATE.
    public const string SetExcluded =
        """
        updated_at = excluded.updated_at, space_id = excluded.space_id, product_id = excluded.product_id,
        run_id = excluded.run_id, agent = excluded.agent, direction = excluded.direction,
        execution_type = excluded.execution_type, status = excluded.status, label = excluded.label,
        outcome = excluded.outcome, success_score = excluded.success_score, duration = excluded.duration,
        created_at = excluded.created_at, normalized_execution_type = excluded.normalized_execution_type,
        normalized_status = excluded.normalized_status, normalized_label = excluded.normalized_label
        """;

    public static readonly IReadOnlyList<string> ParameterNames =
        Parameters.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
