using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Dapper;

namespace Analytics.Application.Administration;

public sealed record ListedOrganisation
{
    public long Id { get; init; }

    public string Handle { get; init; } = "";

    public string Status { get; init; } = "";

    public string Name { get; init; } = "";
}

public sealed class ManageOrganisations(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ListSql = "SELECT id AS Id, handle AS Handle, status AS Status, name AS Name FROM organisations ORDER BY id";

    private const string ArchiveSql =
        "UPDATE organisations SET status = @Archived WHERE id = @OrganisationId AND LOWER(TRIM(status)) <> @Archived";

    public async Task<IReadOnlyList<ListedOrganisation>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ListedOrganisation>(new CommandDefinition(ListSql, cancellationToken: cancellationToken))];
    }

    // An archived organisation is not found by any request, but its data stays. Returns whether it was still active.
    public Task<bool> ArchiveAsync(long organisationId, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) =>
            {
                await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, token);
                var parameters = new { OrganisationId = organisationId, StatusNames.Archived };
                if (await transaction.ExecuteAsync(ArchiveSql, parameters, token) == 0)
                {
                    return false;
                }

                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);
}
