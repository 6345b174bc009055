using System.Data.Common;
using Analytics.Domain.Organisations;
using Dapper;

namespace Analytics.Application.Organisations;

public sealed class SpaceReader(DbDataSource database)
{
    private const string OrganisationIdSql = "SELECT id FROM organisations WHERE handle = @Handle";

    private const string AllSpacesSql = "SELECT organisation_id AS OrganisationId, id AS Id, token AS Token FROM spaces";

    private const string SpacesSql = AllSpacesSql + " WHERE organisation_id = @OrganisationId";

    // Also finds inactive organisations.
    public async Task<long?> FindOrganisationIdAsync(string handle, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(OrganisationIdSql, new { Handle = Handle.Normalize(handle) }, cancellationToken: cancellationToken));
    }

    public async Task<IEnumerable<Space>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<Space>(new CommandDefinition(AllSpacesSql, cancellationToken: cancellationToken));
    }

    public async Task<IEnumerable<Space>> ReadAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<Space>(
            new CommandDefinition(SpacesSql, new { OrganisationId = organisationId }, cancellationToken: cancellationToken));
    }
}
