namespace Analytics.Application.Organisations;

/// <summary>
/// Two statements, because a database that is sharded by organisation would send a join by handle to every shard, but a join
/// by id to one.
/// </summary>
internal static class OrganisationResolutionSql
{
    // CONCAT, because SQL Server ignores trailing spaces in comparisons: 'a' = 'a '.
    public const string SelectForMember =
        """
        SELECT v.organisation_id AS Id,
               v.revision        AS Revision,
               v.stamp           AS Stamp,
               m.role            AS Role
          FROM organisation_versions v
          JOIN members m       ON m.organisation_id = v.organisation_id AND m.user_id = @UserId
          JOIN organisations o ON o.id = v.organisation_id
         WHERE v.organisation_id = @OrganisationId
           AND o.handle = @Handle
           AND o.normalized_status = @Active
           AND CONCAT(m.user_id, '.') = CONCAT(@UserId, '.')
        """;
}
