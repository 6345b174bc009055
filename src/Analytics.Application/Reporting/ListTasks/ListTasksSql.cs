using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>
/// The statements of a list. Each is one statement, so that its version, its spaces and its tasks are of one state, and has
/// a row also where no task matches. The filter that selects fewest tasks, as a rule, decides which index is read.
/// </summary>
internal static class ListTasksSql
{
    /// <summary>The version, how many spaces match, and the columns of a page.</summary>
    private const string PageStart =
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
        """ + Matching;

    /// <summary>Where a page begins: after the task at <c>@CreatedAt</c> and <c>@TaskId</c>.</summary>
    private const string NewestFirst =
        """

                ORDER BY t.created_at DESC, t.task_id
        """;

    /// <summary>The end of a page.</summary>
    private const string OfVersion =
        """
        ) p
            ON p.organisation_id = v.organisation_id
         WHERE v.organisation_id = @OrganisationId
         ORDER BY p.created_at DESC, p.task_id
        """;

    /// <summary>In one run.</summary>
    private const string OfRun =
        """

                  AND t.run_id = @RunId
        """;

    /// <summary>Of one agent.</summary>
    private const string OfAgent =
        """

                  AND t.agent = @Agent
        """;

    /// <summary>Of one outcome.</summary>
    private const string OfOutcome =
        """

                  AND t.outcome = @Outcome
        """;

    /// <summary>Of one status that is not the most common one, by the expression that is indexed.</summary>
    private const string OfStatus =
        """

                  AND LOWER(TRIM(t.status)) = @Status
                  AND LOWER(TRIM(t.status)) <> 'completed'
        """;

    /// <summary>In one space.</summary>
    private const string OfSpace =
        """

                  AND t.space_id = (SELECT i.id FROM spaces i WHERE i.organisation_id = @OrganisationId AND i.token = @SpaceToken)
        """;

    /// <summary>
    /// The space is joined from the left and required by CASE, which no engine sees through: an inner join would let it begin
    /// with the spaces and sort all of their tasks. Unequal to 0, because PostgreSQL guesses that one row of 200 equals what
    /// it cannot see through: where that makes less than a page, it reads all tasks and sorts them. CONCAT, because SQL Server
    /// takes 'a' and 'a ' for equal. Agents come in one text, between marks that no agent has in it.
    /// </summary>
    private const string Matching =
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

    /// <summary>Each task says its version: joined to it, as in a page, all of them would be sorted before the first came.</summary>
    private const string Whole =
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
        """ + Matching;

    private const string Count =
        """
        SELECT v.revision AS Revision,
               v.stamp    AS Stamp,
               (SELECT CAST(COUNT(*) AS BIGINT)
        """ + Matching;

    private const string CountOfVersion =
        """
        ) AS Total
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string Limit = " LIMIT @Limit";

    private const string FetchNext = " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    /// <summary>The first <c>@Limit</c> tasks of the list.</summary>
    internal static string Page(AccessPath path, RowLimit limit) => (path, limit) switch
    {
        (AccessPath.Time, RowLimit.Limit) => PageStart + NewestFirst + Limit + OfVersion,
        (AccessPath.Run, RowLimit.Limit) => PageStart + OfRun + NewestFirst + Limit + OfVersion,
        (AccessPath.Agent, RowLimit.Limit) => PageStart + OfAgent + NewestFirst + Limit + OfVersion,
        (AccessPath.Outcome, RowLimit.Limit) => PageStart + OfOutcome + NewestFirst + Limit + OfVersion,
        (AccessPath.Status, RowLimit.Limit) => PageStart + OfStatus + NewestFirst + Limit + OfVersion,
        (AccessPath.Space, RowLimit.Limit) => PageStart + OfSpace + NewestFirst + Limit + OfVersion,
        (AccessPath.Time, RowLimit.FetchNext) => PageStart + NewestFirst + FetchNext + OfVersion,
        (AccessPath.Run, RowLimit.FetchNext) => PageStart + OfRun + NewestFirst + FetchNext + OfVersion,
        (AccessPath.Agent, RowLimit.FetchNext) => PageStart + OfAgent + NewestFirst + FetchNext + OfVersion,
        (AccessPath.Outcome, RowLimit.FetchNext) => PageStart + OfOutcome + NewestFirst + FetchNext + OfVersion,
        (AccessPath.Status, RowLimit.FetchNext) => PageStart + OfStatus + NewestFirst + FetchNext + OfVersion,
        (AccessPath.Space, RowLimit.FetchNext) => PageStart + OfSpace + NewestFirst + FetchNext + OfVersion,
    };

    /// <summary>The whole list; no row where no task matches.</summary>
    internal static string Export(AccessPath path) => path switch
    {
        AccessPath.Time => Whole + NewestFirst,
        AccessPath.Run => Whole + OfRun + NewestFirst,
        AccessPath.Agent => Whole + OfAgent + NewestFirst,
        AccessPath.Outcome => Whole + OfOutcome + NewestFirst,
        AccessPath.Status => Whole + OfStatus + NewestFirst,
        AccessPath.Space => Whole + OfSpace + NewestFirst,
    };

    /// <summary>How many tasks the whole list has.</summary>
    internal static string Total(AccessPath path) => path switch
    {
        AccessPath.Time => Count + CountOfVersion,
        AccessPath.Run => Count + OfRun + CountOfVersion,
        AccessPath.Agent => Count + OfAgent + CountOfVersion,
        AccessPath.Outcome => Count + OfOutcome + CountOfVersion,
        AccessPath.Status => Count + OfStatus + CountOfVersion,
        AccessPath.Space => Count + OfSpace + CountOfVersion,
    };
}
