using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Application.Administration;

/// <summary>A space, as an operator sees it.</summary>
public sealed record ListedSpace
{
    /// <summary>Its id.</summary>
    public long Id { get; init; }

    /// <summary>Its token, unique within its organisation.</summary>
    public string Token { get; init; } = "";

    /// <summary>Its content type, as given.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>Its status, as given.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";
}

/// <summary>The spaces of one organisation. A change shows in the very next answer.</summary>
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

    /// <summary>All of them, whether they count or not.</summary>
    public async Task<IReadOnlyList<ListedSpace>> ListAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ListedSpace>(new CommandDefinition(ListSql, new { OrganisationId = organisationId }, cancellationToken: cancellationToken))];
    }

    /// <summary>Archives a space: it is not found any more, and its tasks count no longer, but they stay.</summary>
    /// <returns>What that did; absent when the organisation has no such space.</returns>
    public Task<WriteEffect?> ArchiveAsync(long organisationId, string spaceToken, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) =>
            {
                await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, token);
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
