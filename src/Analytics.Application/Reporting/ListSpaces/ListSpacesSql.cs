using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListSpaces;

/// <summary>A row even if there is no space, so that the version is consistent with the page.</summary>
internal static class ListSpacesSql
{
    // Reads the page in the order of the index spaces_by_name.
    private const string SelectPageStart =
        $"""
        SELECT v.revision AS Revision,
               v.stamp    AS Stamp,
               p.token    AS Token,
               p.name     AS Name,
               p.slug     AS Slug
          FROM organisation_versions v
          LEFT JOIN (
               SELECT s.organisation_id, s.token, s.name, s.slug
                 FROM spaces s
                WHERE s.organisation_id = @OrganisationId
                  AND {CountedSpaces.IndexPredicate}
                  AND s.name >= @Name
                  AND (s.name > @Name OR s.token > @Token)
                ORDER BY s.name, s.token
        """;

    private const string SelectPageEnd =
        """
        ) p
            ON p.organisation_id = v.organisation_id
         WHERE v.organisation_id = @OrganisationId
         ORDER BY p.name, p.token
        """;

    private const string SelectPageByLimit = SelectPageStart + " LIMIT @Limit" + SelectPageEnd;

    private const string SelectPageByFetch = SelectPageStart + " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY" + SelectPageEnd;

    public static string SelectPage(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => SelectPageByLimit,
        SqlDialect.TSql => SelectPageByFetch,
    };
}
