using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

public sealed record ListedSpace(long Id, string Token, string ContentType, string Status, string Name);

public sealed class ManageSpaces(DbDataSource database, WriteTransactionRunner transactions, RollupBackfill backfill, TimeProvider clock)
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
    public async Task<WriteEffect?> ArchiveAsync(long organisationId, string spaceToken, CancellationToken cancellationToken)
    {
        var (effect, rebuilds) = await transactions.RunWithNewVersionAsync(
            organisationId,
            clock,
            (transaction, token) => ArchiveAsync(transaction, organisationId, spaceToken, token),
            cancellationToken);
        if (rebuilds)
        {
            await backfill.RunAsync(organisationId, cancellationToken);
        }

        return effect;
    }

    // Also returns whether it started a rebuild of the rollups.
    private static async Task<(WriteEffect? Effect, bool Rebuilds)> ArchiveAsync(
        WriteTransaction transaction, long organisationId, string spaceToken, CancellationToken cancellationToken)
    {
        var parameters = new { OrganisationId = organisationId, Token = spaceToken, StatusNames.Archived };
        if ((await transaction.QueryAsync<string>(StatusSql, parameters, cancellationToken)).SingleOrDefault() is not { } status)
        {
            return (null, false);
        }

        if (CaseInsensitive.Normalize(status) == StatusNames.Archived)
        {
            return (WriteEffect.Unchanged, false);
        }

        var state = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
        await transaction.ExecuteAsync(ArchiveSql, parameters, cancellationToken);
        var rebuilds = await state.StartRebuildIfSpacesChangedAsync(transaction, organisationId, newSpaceIds: [], cancellationToken);
        await transaction.CommitAsync();
        return (WriteEffect.Updated, rebuilds);
    }
}
