using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>One seek for each counted space, since the index of a space's tasks is in the order of their creation.</summary>
internal static class OrganisationFactsSql
{
    private const string SelectFacts =
        """
        SELECT o.handle AS Handle,
               o.name   AS Name,
               (SELECT MIN(f.created_at)
                  FROM (SELECT (SELECT MIN(t.created_at)
                                  FROM tasks t
        """;

    private const string WhereCounted =
        $"""

                                 WHERE t.organisation_id = @OrganisationId
                                   AND t.product_id = @ProductId
                                   AND t.space_id = s.id) AS created_at
                          FROM spaces s
                         WHERE s.organisation_id = @OrganisationId
                           AND {CountedSpaces.Predicate}) f) AS FirstTaskAt
          FROM organisations o
         WHERE o.id = @OrganisationId
        """;

    public static string Select(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => SelectFacts + WhereCounted,
        SqlDialect.TSql => SelectFacts + IndexHints.TasksBySpace + WhereCounted,
    };
}
