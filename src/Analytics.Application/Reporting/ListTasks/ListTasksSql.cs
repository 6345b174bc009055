using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>
/// Each read is a single statement, so that version, spaces and tasks are consistent; the page and count statements return a row
/// even if no task matches. A predicate for the most selective filter is appended, so that the planner uses its index.
/// </summary>
internal static class ListTasksSql
{
    private const string SelectPageStart =
        $"""
        SELECT v.revision       AS Revision,
               v.stamp          AS Stamp,
               (SELECT CAST(COUNT(*) AS BIGINT)
                  FROM spaces s
                 WHERE s.organisation_id = v.organisation_id
                   AND {CountedSpaces.Predicate}
                   AND (@SpaceToken IS NULL OR s.token = @SpaceToken)) AS Spaces,
               p.task_id        AS TaskId,
               p.run_id         AS RunId,
               p.token          AS SpaceToken,
               p.agent          AS Agent,
               p.direction      AS Direction,
               p.execution_type AS ExecutionType,
               p.status         AS Status,
               p.outcome        AS Outcome,
               p.label          AS Label,
               p.success_score  AS SuccessScore,
               p.duration       AS Duration,
               p.created_at     AS CreatedAt,
               p.updated_at     AS UpdatedAt
          FROM organisation_versions v
          LEFT JOIN (
               SELECT t.organisation_id, t.task_id, t.run_id, s.token, t.agent, t.direction, t.execution_type, t.status,
                      t.outcome, t.label, t.success_score, t.duration, t.created_at, t.updated_at
        """ + FromWhere;

    private const string OrderBy = "\n        ORDER BY t.created_at DESC, t.task_id";

    private const string JoinVersion =
        """
        ) p
            ON p.organisation_id = v.organisation_id
         WHERE v.organisation_id = @OrganisationId
         ORDER BY p.created_at DESC, p.task_id
        """;

    private const string AndRun = "\n          AND t.run_id = @RunId";

    private const string AndAgent = "\n          AND t.agent = @Agent";

    private const string AndOutcome = "\n          AND t.outcome = @Outcome";

    // Repeats the expression and the condition of the partial index tasks_by_status.
    private const string AndStatus =
        "\n          AND LOWER(TRIM(t.status)) = @Status AND LOWER(TRIM(t.status)) <> 'completed'";

    private const string AndSpace =
        "\n          AND t.space_id = (SELECT i.id FROM spaces i WHERE i.organisation_id = @OrganisationId AND i.token = @SpaceToken)";

    // The planner must read tasks in index order instead of sorting them:
    // - An inner join lets it start from the spaces. LEFT JOIN with CASE, which no planner can rewrite to an inner join, prevents that.
    // - PostgreSQL estimates that `CASE … = 1` selects 0.5 % of the rows. If that is less than a page, it sorts; so `<> 0`.
    // CONCAT is needed because SQL Server compares 'a' and 'a ' as equal.
    // @Agents is one string in which every agent has a prefix and a suffix that no agent contains.
    private const string FromWhere =
        $"""

                 FROM tasks t
                 LEFT JOIN spaces s
                   ON s.organisation_id = t.organisation_id
                  AND s.id = t.space_id
                  AND {CountedSpaces.Predicate}
                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
                  AND t.created_at >= @From
                  AND t.created_at <= @CreatedAt
                  AND (t.created_at < @CreatedAt OR t.task_id > @TaskId)
                  AND CASE WHEN s.token = COALESCE(@SpaceToken, s.token) THEN 1 ELSE 0 END <> 0
                  AND (@Agents IS NULL OR REPLACE(@Agents, CONCAT(@AgentBegins, t.agent, @AgentEnds), '') <> @Agents)
                  AND (@Direction IS NULL OR t.direction = @Direction)
                  AND (@Outcome IS NULL OR t.outcome = @Outcome)
                  AND (@Status IS NULL OR LOWER(TRIM(t.status)) = @Status)
                  AND (@ExecutionType IS NULL OR LOWER(TRIM(t.execution_type)) = @ExecutionType)
                  AND (@RunId IS NULL OR CASE WHEN CONCAT(t.run_id, '.') = CONCAT(@RunId, '.') THEN 1 ELSE 0 END <> 0)
        """;

    // The version is a subquery: a join, as in a page, would make the engine sort all tasks before it returns the first row.
    private const string SelectAll =
        """
        SELECT (SELECT v.revision FROM organisation_versions v WHERE v.organisation_id = @OrganisationId) AS Revision,
               (SELECT v.stamp FROM organisation_versions v WHERE v.organisation_id = @OrganisationId) AS Stamp,
               t.task_id        AS TaskId,
               t.run_id         AS RunId,
               s.token          AS SpaceToken,
               t.agent          AS Agent,
               t.direction      AS Direction,
               t.execution_type AS ExecutionType,
               t.status         AS Status,
               t.outcome        AS Outcome,
               t.label          AS Label,
               t.success_score  AS SuccessScore,
               t.duration       AS Duration,
               t.created_at     AS CreatedAt,
               t.updated_at     AS UpdatedAt
        """ + FromWhere;

    private const string SelectCountStart =
        """
        SELECT v.revision AS Revision,
               v.stamp    AS Stamp,
               (SELECT CAST(COUNT(*) AS BIGINT)
        """ + FromWhere;

    private const string SelectCountEnd =
        """
        ) AS Total
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string Limit = " LIMIT @Limit";

    private const string FetchNext = " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    internal static string SelectPage(AccessPath path, RowLimit limit) =>
        SelectPageStart + AndPath(path) + OrderBy + limit switch { RowLimit.Limit => Limit, RowLimit.FetchNext => FetchNext } + JoinVersion;

    // Unlike a page, an export without a matching task has no row.
    internal static string SelectExport(AccessPath path) => SelectAll + AndPath(path) + OrderBy;

    internal static string SelectCount(AccessPath path) => SelectCountStart + AndPath(path) + SelectCountEnd;

    private static string AndPath(AccessPath path) => path switch
    {
        AccessPath.Time => "",
        AccessPath.Run => AndRun,
        AccessPath.Agent => AndAgent,
        AccessPath.Outcome => AndOutcome,
        AccessPath.Status => AndStatus,
        AccessPath.Space => AndSpace,
    };
}
