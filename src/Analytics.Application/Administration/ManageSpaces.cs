using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

public sealed record ListedSpace(long Id, string Token, string ContentType, string Status, string Name);

public sealed class ManageSpaces(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ListSql =
        """
        SELECT id AS Id, token AS Token, content_type AS ContentType, status AS Status, name AS Name
          FROM spaces
         WHERE organisation_id = @OrganisationId
         ORDER BY id
        """;

    private const string StatusSql = "SELECT status FROM spaces WHERE organisation_id = @OrganisationId AND token = @Token";

    private const string ArchiveSql = "UPDATE spaces SET status = @Archived WHERE organisation_id = @OrganisationId AND token = @Token";

    public Task<IReadOnlyList<ListedSpace>> ListAsync(long organisationId, CancellationToken cancellationToken) =>
        database.QueryAsync<ListedSpace>(ListSql, new { OrganisationId = organisationId }, cancellationToken);

    // The tasks of an archived space stay but no longer count. Returns null if the organisation has no such space.
    public Task<WriteEffect?> ArchiveAsync(long organisationId, string spaceToken, CancellationToken cancellationToken) =>
        transactions.RunLockedAsync(
            organisationId,
            clock,
            async (transaction, token) =>
            {
                var parameters = new { OrganisationId = organisationId, Token = spaceToken, StatusNames.Archived };
                if ((await transaction.QueryAsync<string>(StatusSql, parameters, token)).SingleOrDefault() is not { } status)
                {
                    return default(WriteEffect?);
                }

                if (CaseInsensitive.Normalize(status) == StatusNames.Archived)
                {
                    return WriteEffect.Unchanged;
                }

                var rollupState = await RollupState.ReadAsync(transaction, organisationId, token);
                await transaction.ExecuteAsync(ArchiveSql, parameters, token);
                await rollupState.UpdateAllSpacesAsync(transaction, organisationId, newSpaceIds: [], token);
                await transaction.CommitAsync();
                return WriteEffect.Updated;
            },
            cancellationToken);
}
