using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Postgres;

internal static class PostgresStatements
{
    private const string MeasureArrays = $"unnest(@SpaceIds, @ProductIds, {MeasureColumns.Parameters})";
    private const string RollupArrays =
        $"unnest(@SpaceIds, @ProductIds, @Granularities, @StartsAt, @Members, @Agents, @Directions, {MeasureColumns.Parameters})";

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
        INSERT INTO task_rollups AS r (organisation_id, {RollupColumns.Key}, {MeasureColumns.Names})
        SELECT v.organisation_id, d.*
          FROM organisation_versions v
         CROSS JOIN {RollupArrays} d
         WHERE v.organisation_id = @OrganisationId
            ON CONFLICT (organisation_id, {RollupColumns.Key}) DO UPDATE
           SET {MeasureColumns.AddExcluded}
        """;

    /// <summary>For deltas with a negative measure, whose rows exist.</summary>
    public const string UpdateRollups =
        $"""
        UPDATE task_rollups r
           SET {MeasureColumns.AddDelta}
          FROM {RollupArrays} AS d ({RollupColumns.Key}, {MeasureColumns.Names})
         WHERE {RollupColumns.KeyEqualsDelta}
        """;

    public const string DeleteEmptyRollups =
        $"""
        DELETE FROM task_rollups r
         USING unnest(@SpaceIds, @ProductIds, @Granularities, @StartsAt, @Members, @Agents, @Directions) AS d ({RollupColumns.Key})
         WHERE {RollupColumns.KeyEqualsDelta}
           AND {RollupColumns.IsEmpty}
        """;
}
