using Analytics.Application.Storage;

namespace Analytics.Application.Organisations;

public sealed class SpaceReader(DbDataSource database)
{
    private const string AllSpacesSql = "SELECT organisation_id AS OrganisationId, id AS Id, token AS Token FROM spaces";

    private const string SpacesSql = AllSpacesSql + " WHERE organisation_id = @OrganisationId";

    // Also finds inactive organisations.
    public async Task<long?> FindOrganisationIdAsync(string handle, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long?>(
            OrganisationSql.SelectIdByHandle, new { Handle = Handle.Normalize(handle) }, cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<Space>> ReadAllAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Space>(AllSpacesSql, parameters: null, cancellationToken);

    public Task<IReadOnlyList<Space>> ReadAsync(long organisationId, CancellationToken cancellationToken) =>
        database.QueryAsync<Space>(SpacesSql, new { OrganisationId = organisationId }, cancellationToken);
}
