using Analytics.Application.Storage;

namespace Analytics.Application.Organisations;

/// <summary>Runs a statement for each key.</summary>
public sealed class OrganisationReader(DbDataSource database) : IOrganisationReader
{
    private static readonly KeyedStatement<MemberKey, ResolvedOrganisation> SelectForMember = new(
        OrganisationResolutionSql.SelectForMember,
        key =>
        [
            ("@OrganisationId", key.OrganisationId), ("@Handle", key.Handle), ("@UserId", key.UserId), ("@Active", StatusNames.Active),
        ],
        row => new() { Id = row.GetInt64(0), Revision = row.GetInt64(1), Stamp = row.GetString(2), Role = row.GetString(3) });

    private static readonly KeyedStatement<string, long?> SelectIdByHandle =
        new(OrganisationSql.SelectIdByHandle, handle => [("@Handle", handle)], row => row.GetInt64(0));

    public Task<IReadOnlyList<ResolvedOrganisation?>> ReadForMembersAsync(IReadOnlyList<MemberKey> keys) =>
        SelectForMember.ReadAsync(database, keys, CancellationToken.None);

    public Task<IReadOnlyList<long?>> ReadIdsAsync(IReadOnlyList<string> handles) =>
        SelectIdByHandle.ReadAsync(database, handles, CancellationToken.None);
}
