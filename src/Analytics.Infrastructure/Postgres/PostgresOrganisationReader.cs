using Analytics.Application.Organisations;

namespace Analytics.Infrastructure.Postgres;

/// <summary>
/// Reads several keys by one statement, which takes them as arrays: a statement for each costs twice as much. For a single key the plain
/// statement is faster.
/// </summary>
internal sealed class PostgresOrganisationReader(DbDataSource database) : IOrganisationReader
{
    // The condition on the position is always true. The planner expects that it leaves one row, so that it looks up each key in an
    // index. It would read a table with a few thousand rows as a whole, and plan each execution again if that looked cheaper.
    private const string AllPositions = "k.position BETWEEN 1 AND 1000000";

    // With "+ 0", only k has the id to look up the member by, and its user's at the same time. Otherwise the planner may look up by the
    // id of v or o, and read all members of an organisation. On Citus, ANY selects the shards.
    internal const string SelectForMembers =
        $"""
        SELECT k.position, v.organisation_id, v.revision, v.stamp, m.role
          FROM unnest(@OrganisationIds, @Handles, @UserIds) WITH ORDINALITY AS k (organisation_id, handle, user_id, position)
          JOIN members m               ON m.organisation_id = k.organisation_id AND m.user_id = k.user_id
          JOIN organisation_versions v ON v.organisation_id = k.organisation_id + 0
          JOIN organisations o         ON o.id = v.organisation_id AND o.handle = k.handle
         WHERE {AllPositions}
           AND v.organisation_id = ANY(@OrganisationIds)
           AND o.normalized_status = @Active
        """;

    internal const string SelectIds =
        $"""
        SELECT k.position, o.id
          FROM unnest(@Handles) WITH ORDINALITY AS k (handle, position)
          JOIN organisations o ON o.handle = k.handle
         WHERE {AllPositions}
        """;

    private readonly OrganisationReader _single = new(database);

    public Task<IReadOnlyList<ResolvedOrganisation?>> ReadForMembersAsync(IReadOnlyList<MemberKey> keys) =>
        keys.Count == 1 ? _single.ReadForMembersAsync(keys) : ReadSeveralForMembersAsync(keys);

    public Task<IReadOnlyList<long?>> ReadIdsAsync(IReadOnlyList<string> handles) =>
        handles.Count == 1 ? _single.ReadIdsAsync(handles) : ReadSeveralIdsAsync(handles);

    private async Task<IReadOnlyList<ResolvedOrganisation?>> ReadSeveralForMembersAsync(IReadOnlyList<MemberKey> keys)
    {
        var found = new ResolvedOrganisation?[keys.Count];
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(long Position, long Id, long Revision, string Stamp, string Role)>(SelectForMembers, new
        {
            OrganisationIds = keys.Select(key => key.OrganisationId).ToArray(),
            Handles = keys.Select(key => key.Handle).ToArray(),
            UserIds = keys.Select(key => key.UserId).ToArray(),
            StatusNames.Active,
        });
        foreach (var (position, id, revision, stamp, role) in rows)
        {
            found[position - 1] = new() { Id = id, Revision = revision, Stamp = stamp, Role = role };
        }

        return found;
    }

    private async Task<IReadOnlyList<long?>> ReadSeveralIdsAsync(IReadOnlyList<string> handles)
    {
        var found = new long?[handles.Count];
        await using var connection = await database.OpenConnectionAsync();
        foreach (var (position, id) in await connection.QueryAsync<(long, long)>(SelectIds, new { Handles = handles.ToArray() }))
        {
            found[position - 1] = id;
        }

        return found;
    }
}
