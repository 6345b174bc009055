namespace Analytics.Application.Organisations;

internal static class ResolveOrganisationSql
{
    public const string ByHandle =
        """
        SELECT o.id       AS Id,
               v.revision AS Revision,
               v.stamp    AS Stamp
          FROM organisations o
          JOIN organisation_versions v ON v.organisation_id = o.id
          JOIN members m               ON m.organisation_id = o.id AND m.user_id = @UserId
         WHERE o.handle = @Handle
           AND LOWER(TRIM(o.status)) = @Active
        """;
}
