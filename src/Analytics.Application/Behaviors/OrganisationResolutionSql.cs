namespace Analytics.Application.Behaviors;

/// <summary>
/// Two statements, because where organisations are spread over many servers a join by handle asks every one of them, and
/// a join by id only the one that has it.
/// </summary>
internal static class OrganisationResolutionSql
{
    public const string SelectIdByHandle = "SELECT id FROM organisations WHERE handle = @Handle";

    /// <summary>CONCAT, because SQL Server takes 'a' and 'a ' for equal.</summary>
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
           AND LOWER(TRIM(o.status)) = @Active
           AND CONCAT(m.user_id, '.') = CONCAT(@UserId, '.')
        """;
}
