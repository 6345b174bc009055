using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Postgres;

internal static class PostgresStatements
{
    private const string MeasureArrays = $"unnest(@SpaceIds, @ProductIds, {MeasureColumns.Parameters})";
    private const string RollupArrays =
        $"unnest(@SpaceIds, @ProductIds, @Granularities, @StartsAt, @Agents, @Directions, {MeasureColumns.Parameters})";

    public const string ReadStored =
        $"""
        SELECT {TaskColumns.Select}
          FROM tasks t
         WHERE t.organisation_id = @OrganisationId
           AND t.task_id = ANY(@TaskIds)
        """;

    /// <summary>Not an insert from arrays: PostgreSQL takes rows from COPY in half of the time.</summary>
    public const string CopyTasks = $"COPY tasks (organisation_id, {TaskColumns.Names}) FROM STDIN (FORMAT BINARY)";

    public const string UpdateTasks =
        $"""
        UPDATE tasks t
           SET {TaskColumns.SetNew}
          FROM unnest(
               @TaskIds, @UpdatedAts, @SpaceIds, @ProductIds, @RunIds, @Agents, @Directions, @ExecutionTypes,
               @Statuses, @Labels, @Outcomes, @SuccessScores, @Durations, @CreatedAts,
               @NormalizedExecutionTypes, @NormalizedStatuses, @NormalizedLabels)
            AS n ({TaskColumns.Names})
         WHERE t.organisation_id = @OrganisationId
           AND t.task_id = n.task_id
        """;

    /// <summary>Not an upsert: PostgreSQL checks the row to insert before the update, and a delta may be negative.</summary>
    public const string AddToTotals =
        $"""
        UPDATE task_totals r
           SET {MeasureColumns.AddDelta}
          FROM {MeasureArrays} AS d (space_id, product_id, {MeasureColumns.Names})
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id = d.space_id
           AND r.product_id = d.product_id
        """;

    public const string InsertTotals =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        SELECT v.organisation_id, d.*
          FROM organisation_versions v
         CROSS JOIN {MeasureArrays} AS d (space_id, product_id, {MeasureColumns.Names})
         WHERE v.organisation_id = @OrganisationId
           AND NOT EXISTS (
               SELECT 1
                 FROM task_totals r
                WHERE r.organisation_id = v.organisation_id
                  AND r.space_id = d.space_id
                  AND r.product_id = d.product_id)
        """;

    /// <summary>For deltas without a negative measure: PostgreSQL checks the row to insert before the update.</summary>
    public const string UpsertRollups =
        $"""
        INSERT INTO task_rollups AS r (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction, {MeasureColumns.Names})
        SELECT v.organisation_id, d.*
          FROM organisation_versions v
         CROSS JOIN {RollupArrays} d
         WHERE v.organisation_id = @OrganisationId
            ON CONFLICT (organisation_id, space_id, product_id, granularity, starts_at, agent, direction) DO UPDATE
           SET {MeasureColumns.AddExcluded}
        """;

    /// <summary>For deltas with a negative measure, whose rows exist.</summary>
    public const string UpdateRollups =
        $"""
        UPDATE task_rollups r
           SET {MeasureColumns.AddDelta}
          FROM {RollupArrays}
            AS d (space_id, product_id, granularity, starts_at, agent, direction, {MeasureColumns.Names})
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id = d.space_id
           AND r.product_id = d.product_id
           AND r.granularity = d.granularity
           AND r.starts_at = d.starts_at
           AND r.agent = d.agent
           AND r.direction = d.direction
        """;

    /// <summary>LATERAL makes each range one range of the primary key, whatever row counts the planner estimates.</summary>
    public const string SumRollups =
        $"""
        SELECT CAST(g.range_index - 1 AS INTEGER) AS RangeIndex, s.*
          FROM unnest(@SpaceIds, @Granularities, @StartsAt, @EndsAt, @BucketWidths) WITH ORDINALITY
            AS g (space_id, granularity, starts_at, ends_at, bucket_width, range_index)
         CROSS JOIN LATERAL (
               SELECT (r.starts_at - g.starts_at) / g.bucket_width    AS bucket,
                      CASE WHEN @ByAgent THEN r.agent ELSE '' END     AS agent,
                      CASE WHEN @ByAgent THEN r.direction ELSE '' END AS direction,
                      {MeasureColumns.RollupSums}
                 FROM task_rollups r
                WHERE r.organisation_id = @OrganisationId
                  AND r.space_id = g.space_id
                  AND r.product_id = @ProductId
                  AND r.granularity = g.granularity
                  AND r.starts_at >= g.starts_at
                  AND r.starts_at < g.ends_at
                  AND (CAST(@Agents AS text[]) IS NULL OR r.agent = ANY(@Agents))
                  AND (CAST(@Direction AS text) IS NULL OR r.direction = @Direction)
                GROUP BY 1, 2, 3) s
        """;
}
