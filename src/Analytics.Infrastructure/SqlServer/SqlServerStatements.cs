using Analytics.Application.Storage;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// No MERGE: it has races and defects of its own. No lock hints: the row of the organisation's version queues its writers.
/// </summary>
internal static class SqlServerStatements
{
    public const string ReadStored =
        $"""
        SELECT {TaskColumns.Select}
          FROM @TaskIds i
          JOIN tasks t ON t.organisation_id = @OrganisationId AND t.task_id = i.task_id
        """;

    /// <summary>Returns 1 if the snapshot began, and 0 if the database does not allow snapshot isolation.</summary>
    public const string BeginSnapshot =
        """
        IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1)
        BEGIN
            SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
            BEGIN TRANSACTION;
            SELECT 1;
        END
        ELSE SELECT 0;
        """;

    // A pooled connection keeps its isolation level.
    public const string EndSnapshot =
        """
        IF @@TRANCOUNT > 0
        BEGIN
            ROLLBACK TRANSACTION;
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        END
        """;

    public const string UpdateTasks =
        $"""
        UPDATE t
           SET {TaskColumns.SetNew}
          FROM @Tasks n
          JOIN tasks t ON t.organisation_id = @OrganisationId AND t.task_id = n.task_id
        """;

    public const string InsertTasks =
        $"""
        INSERT INTO tasks (organisation_id, {TaskColumns.Names})
        SELECT @OrganisationId, {TaskColumns.Names}
          FROM @Tasks
        """;

    public const string AddToTotals =
        $"""
        UPDATE r
           SET {MeasureColumns.AddDelta}
          FROM @Added d
          JOIN task_totals r ON r.organisation_id = @OrganisationId AND r.space_id = d.space_id AND r.product_id = d.product_id
        """;

    public const string InsertTotals =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        SELECT @OrganisationId, d.space_id, d.product_id, {MeasureColumns.Delta}
          FROM @Added d
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_totals r
                WHERE r.organisation_id = @OrganisationId AND r.space_id = d.space_id AND r.product_id = d.product_id)
        """;

    public const string AddToRollups =
        $"""
        UPDATE r
           SET {MeasureColumns.AddDelta}
          FROM @AddedRollups d
          JOIN task_rollups r
            ON r.organisation_id = @OrganisationId
           AND r.space_id = d.space_id
           AND r.product_id = d.product_id
           AND r.granularity = d.granularity
           AND r.starts_at = d.starts_at
           AND r.agent = d.agent
           AND r.direction = d.direction
        """;

    public const string InsertRollups =
        $"""
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction, {MeasureColumns.Names})
        SELECT @OrganisationId, d.space_id, d.product_id, d.granularity, d.starts_at, d.agent, d.direction, {MeasureColumns.Delta}
          FROM @AddedRollups d
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_rollups r
                WHERE r.organisation_id = @OrganisationId
                  AND r.space_id = d.space_id
                  AND r.product_id = d.product_id
                  AND r.granularity = d.granularity
                  AND r.starts_at = d.starts_at
                  AND r.agent = d.agent
                  AND r.direction = d.direction)
        """;

    public const string SumRollups =
        $"""
        SELECT g.range_index AS RangeIndex, s.*
          FROM @Ranges g
         CROSS APPLY (
               SELECT r.bucket AS Bucket, r.agent AS Agent, r.direction AS Direction,
                      {MeasureColumns.RollupSums}
                 FROM (SELECT (r.starts_at - g.starts_at) / g.bucket_width AS bucket,
                              CASE WHEN @ByAgent = 1 THEN r.agent ELSE '' END     AS agent,
                              CASE WHEN @ByAgent = 1 THEN r.direction ELSE '' END AS direction,
                              {MeasureColumns.Rollup}
                         FROM task_rollups r
                        WHERE r.organisation_id = @OrganisationId
                          AND r.space_id = g.space_id
                          AND r.product_id = @ProductId
                          AND r.granularity = g.granularity
                          AND r.starts_at >= g.starts_at
                          AND r.starts_at < g.ends_at
                          AND (@AnyAgent = 1 OR r.agent IN (SELECT agent FROM @AgentNames))
                          AND (@AnyDirection = 1 OR r.direction = @Direction)) r
                GROUP BY r.bucket, r.agent, r.direction) s
        """;
}
