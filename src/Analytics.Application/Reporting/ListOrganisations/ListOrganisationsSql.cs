using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListOrganisations;

/// <summary>On Citus both tables are on every node, so that the page is read from one.</summary>
internal static class ListOrganisationsSql
{
    // CONCAT, because SQL Server ignores trailing spaces in comparisons: 'a' = 'a '.
    private const string SelectMemberships =
        """
        SELECT o.handle AS Handle,
               o.name   AS Name,
               m.role   AS Role
          FROM members m
          JOIN organisations o ON o.id = m.organisation_id
         WHERE m.user_id = @UserId
           AND CONCAT(m.user_id, '.') = CONCAT(@UserId, '.')
           AND o.normalized_status = @Active
           AND o.handle > @After
         ORDER BY o.handle
        """;

    private const string SelectPageByLimit = SelectMemberships + " LIMIT @Limit";

    private const string SelectPageByFetch = SelectMemberships + " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    public static string SelectPage(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => SelectPageByLimit,
        SqlDialect.TSql => SelectPageByFetch,
    };
}
