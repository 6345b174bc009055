using Analytics.Application.Storage;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// No MERGE: it has races and defects of its own. No lock hints: the row of the organisation's version queues its writers. Each row of
/// a table-valued parameter is joined by a seek, even if the statement was planned for a batch of another size.
/// </summary>
internal static class SqlServerStatements
{
    public const string ReadStored =
        $"""
        SELECT {TaskColumns.Select}
          FROM @TaskIds i
          JOIN tasks t{IndexHints.TasksByKey} ON t.organisation_id = @OrganisationId AND t.task_id = i.task_id
        """ + IndexHints.LoopJoins;

    // Writes need the number of rows. The server's "user options" may switch it off for each new or reset connection.
    public const string CountRows = "SET NOCOUNT OFF";

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

    // A pooled connection keeps its isolation level, also if the server has rolled the transaction back.
    public const string EndSnapshot =
        """
        BEGIN
            IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        END
        """;

    public const string UpdateTasks =
        $"""
        UPDATE t
           SET {TaskColumns.SetNew}
          FROM @Tasks n
          JOIN tasks t ON t.organisation_id = @OrganisationId AND t.task_id = n.task_id
        """ + IndexHints.LoopJoins;

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
        """ + IndexHints.LoopJoins;

    public const string InsertTotals =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        SELECT @OrganisationId, d.space_id, d.product_id, {MeasureColumns.Delta}
          FROM @Added d
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_totals r
                WHERE r.organisation_id = @OrganisationId AND r.space_id = d.space_id AND r.product_id = d.product_id)
        """ + IndexHints.LoopJoins;

    public const string AddToRollups =
        $"""
        UPDATE r
           SET {MeasureColumns.AddDelta}
          FROM @AddedRollups d
          JOIN task_rollups r
            ON {RollupColumns.KeyEqualsDelta}
        """ + IndexHints.LoopJoins;

    public const string InsertRollups =
        $"""
        INSERT INTO task_rollups (organisation_id, {RollupColumns.Key}, {MeasureColumns.Names})
        SELECT @OrganisationId, {RollupColumns.Key}, {MeasureColumns.Delta}
          FROM @AddedRollups d
         WHERE NOT EXISTS (
               SELECT 1
                 FROM task_rollups r
                WHERE {RollupColumns.KeyEqualsDelta})
        """ + IndexHints.LoopJoins;

    public const string DeleteEmptyRollups =
        $"""
        DELETE r
          FROM @AddedRollups d
          JOIN task_rollups r
            ON {RollupColumns.KeyEqualsDelta}
         WHERE {RollupColumns.IsEmpty}
        """ + IndexHints.LoopJoins;
}
