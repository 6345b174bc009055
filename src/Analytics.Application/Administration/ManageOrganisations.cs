using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

public sealed record ListedOrganisation(long Id, string Handle, string Status, string Name);

public sealed class ManageOrganisations(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ListSql = "SELECT id AS Id, handle AS Handle, status AS Status, name AS Name FROM organisations ORDER BY id";

    private const string ArchiveSql =
        "UPDATE organisations SET status = @Archived WHERE id = @OrganisationId AND LOWER(TRIM(status)) <> @Archived";

    public Task<IReadOnlyList<ListedOrganisation>> ListAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<ListedOrganisation>(ListSql, parameters: null, cancellationToken);

    // An archived organisation is not found by any request, but its data stays. Returns whether it was still active.
    public Task<bool> ArchiveAsync(long organisationId, CancellationToken cancellationToken) =>
        transactions.RunWithNewVersionAsync(
            organisationId,
            clock,
            (transaction, token) =>
                transaction.CommitIfChangedAsync(ArchiveSql, new { OrganisationId = organisationId, StatusNames.Archived }, token),
            cancellationToken);
}
