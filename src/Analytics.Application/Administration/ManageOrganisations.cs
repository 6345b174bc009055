using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Dapper;

namespace Analytics.Application.Administration;

/// <summary>An organisation, as an operator sees it.</summary>
public sealed record ListedOrganisation
{
    /// <summary>Its id.</summary>
    public long Id { get; init; }

    /// <summary>Its handle.</summary>
    public string Handle { get; init; } = "";

    /// <summary>Its status, as given.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";
}

/// <summary>The organisations. A change shows in the very next answer.</summary>
public sealed class ManageOrganisations(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ListSql = "SELECT id AS Id, handle AS Handle, status AS Status, name AS Name FROM organisations ORDER BY id";

    private const string ArchiveSql = "UPDATE organisations SET status = @Archived WHERE id = @OrganisationId AND LOWER(TRIM(status)) <> @Archived";

    /// <summary>All of them, active or not.</summary>
    public async Task<IReadOnlyList<ListedOrganisation>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ListedOrganisation>(new CommandDefinition(ListSql, cancellationToken: cancellationToken))];
    }

    /// <summary>Archives an organisation: nobody finds it any more, but all of it stays.</summary>
    /// <returns>Whether it was not archived already.</returns>
    public Task<bool> ArchiveAsync(long organisationId, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) =>
            {
                await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, token);
                if (await transaction.ExecuteAsync(ArchiveSql, new { OrganisationId = organisationId, StatusNames.Archived }, token) == 0)
                {
                    return false;
                }

                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);
}
