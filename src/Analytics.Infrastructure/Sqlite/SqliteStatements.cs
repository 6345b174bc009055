using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Sqlite;

internal static class SqliteStatements
{
    /// <summary>IN, not a join: with a join SQLite may scan the tasks and search the list, which has no index.</summary>
    public const string ReadStored =
        $"""
        SELECT {TaskColumns.Select}
          FROM tasks t
         WHERE t.organisation_id = @OrganisationId
           AND t.task_id IN (SELECT value FROM json_each(@TaskIds))
        """;

    public const string UpsertTask =
        $"""
        INSERT INTO tasks (organisation_id, {TaskColumns.Names})
        VALUES (@OrganisationId, {TaskColumns.Parameters})
            ON CONFLICT (organisation_id, task_id) DO UPDATE
           SET {TaskColumns.SetExcluded}
        """;

    /// <summary>Not an upsert: SQLite checks the row to insert before it updates, and a delta may be negative.</summary>
    public const string AddToTotals =
        $"""
        UPDATE task_totals
           SET {MeasureColumns.AddParameters}
         WHERE organisation_id = @OrganisationId AND space_id = @SpaceId AND product_id = @ProductId
        """;

    public const string InsertTotals =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        VALUES (@OrganisationId, @SpaceId, @ProductId, {MeasureColumns.Parameters})
        """;

    /// <summary>For a delta without a negative measure: SQLite checks the row to insert before it updates.</summary>
    public const string UpsertRollup =
        $"""
        INSERT INTO task_rollups AS r (organisation_id, {RollupColumns.Key}, {MeasureColumns.Names})
        VALUES (@OrganisationId, {RollupColumns.KeyParameters}, {MeasureColumns.Parameters})
            ON CONFLICT (organisation_id, {RollupColumns.Key}) DO UPDATE
           SET {MeasureColumns.AddExcluded}
        """;

    /// <summary>For a delta with a negative measure, whose row exists.</summary>
    public const string UpdateRollup =
        $"""
        UPDATE task_rollups AS r
           SET {MeasureColumns.AddParameters}
         WHERE {RollupColumns.KeyEqualsParameters}
        """;

    public const string DeleteEmptyRollup =
        $"""
        DELETE FROM task_rollups AS r
         WHERE {RollupColumns.KeyEqualsParameters}
           AND {RollupColumns.IsEmpty}
        """;

    /// <summary>The parameters of <see cref="UpsertTask"/>, in its order.</summary>
    public static readonly string[] UpsertTaskParameters = ["@OrganisationId", .. TaskColumns.ParameterNames];

    /// <summary>The parameters of <see cref="DeleteEmptyRollup"/>, in the order of a row.</summary>
    public static readonly string[] RollupKeyParameters = ["@OrganisationId", .. RollupColumns.KeyParameters.Split(", ")];

    /// <summary>The parameters of <see cref="UpsertRollup"/> and <see cref="UpdateRollup"/>, in the order of a row.</summary>
    public static readonly string[] RollupParameters = [.. RollupKeyParameters, .. MeasureColumns.ParameterNames];
}
