using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Deletes an organisation's rollups in batches, so that no transaction is long.</summary>
internal static class RollupDeletion
{
    public const string DeleteRemainingSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId";

    // One range of the primary key, whatever row counts the planner estimates. Leaves a last smaller batch.
    private const string DeleteWithLimit =
        $"""
        DELETE FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND ({RollupColumns.Key}) <= (
               SELECT {RollupColumns.Key}
                 FROM task_rollups
                WHERE organisation_id = @OrganisationId
                ORDER BY {RollupColumns.Key}
                LIMIT 1 OFFSET @BatchSize - 1)
        """;

    private const string DeleteWithTop = "DELETE TOP (@BatchSize) FROM task_rollups WHERE organisation_id = @OrganisationId";

    /// <summary>Returns the number of deleted rows: none if at most a last smaller batch is left.</summary>
    public static Task<int> DeleteBatchAsync(
        WriteTransaction transaction, long organisationId, SqlDialect dialect, long batchSize, CancellationToken cancellationToken)
    {
        var sql = dialect switch { SqlDialect.Common => DeleteWithLimit, SqlDialect.TSql => DeleteWithTop };
        return transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, BatchSize = batchSize }, cancellationToken);
    }
}
