using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>
/// A statement reads tasks in the order of one index, and at most @MaxExamined of them. Filters that the index does not decide apply
/// to these tasks only. A page statement returns a row even if no task matches, so that version and spaces are consistent with it.
/// </summary>
internal static class ListTasksSql
{
    private const string SelectPageStart =
        $"""
        SELECT v.revision       AS Revision,
               v.stamp          AS Stamp,
               (SELECT CAST(COUNT(*) AS BIGINT)
                  FROM spaces s
                 WHERE s.organisation_id = @OrganisationId
                   AND {CountedSpaces.Predicate}
                   AND (@SpaceToken IS NULL OR s.token = @SpaceToken)
        """;

    private const string SelectPageRows =
        """
        ) AS Spaces,
               p.task_id        AS TaskId,
               p.run_id         AS RunId,
               p.token          AS SpaceToken,
               p.name           AS SpaceName,
               p.product_id     AS ProductId,
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
               SELECT t.organisation_id, t.task_id, t.run_id, t.token, t.name, t.product_id, t.agent, t.direction, t.execution_type,
                      t.status, t.outcome, t.label, t.success_score, t.duration, t.created_at, t.updated_at
                 FROM (
        """ + SelectExaminedTasks;

    private const string JoinVersion =
        """
        ) p
            ON p.organisation_id = v.organisation_id
         WHERE v.organisation_id = @OrganisationId
         ORDER BY p.created_at DESC, p.task_id
        """;

    private const string SelectExaminedTasks =
        $"""

               SELECT t.organisation_id, t.task_id, t.run_id, t.product_id, t.agent, t.direction, t.execution_type, t.status, t.outcome,
                      t.label, t.success_score, t.duration, t.created_at, t.updated_at, t.normalized_execution_type,
                      t.normalized_status, t.normalized_label, s.name,
                      CASE WHEN {CountedSpaces.Predicate} THEN s.token END AS token
                 FROM tasks t
        """;

    // LEFT JOIN, because an inner join lets the planner start from the spaces. The space's own predicate is not in the join condition:
    // PostgreSQL would expect one space, and compare each task with all of them.
    private const string JoinSpaces =
        """

                 LEFT JOIN spaces s
                   ON s.organisation_id = t.organisation_id
                  AND s.id = t.space_id
        """ + WhereProduct;

    private const string WhereProduct =
        """

                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
        """;

    // PostgreSQL estimates that `CASE … <> 0` selects nearly all rows. If it expected fewer than a page, it would plan to examine all
    // tasks, and sort them instead of reading them in order.
    private const string WhereMatching =
        """
        ) t
                WHERE CASE WHEN t.token = COALESCE(@SpaceToken, t.token)
        """ + AndFilters + "\n        THEN 1 ELSE 0 END <> 0";

    // CONCAT is needed because SQL Server compares 'a' and 'a ' as equal.
    // @Agents is one string in which every agent has a prefix and a suffix that no agent contains.
    // PostgreSQL estimates that `CASE … = 1` selects 0.5 % of the rows. In an export it would then sort them; so `<> 0`.
    private const string AndFilters =
        """

                  AND (@Agents IS NULL OR REPLACE(@Agents, CONCAT(@AgentBegins, t.agent, @AgentEnds), '') <> @Agents)
                  AND (@Direction IS NULL OR t.direction = @Direction)
                  AND (@Outcomes IS NULL OR REPLACE(@Outcomes, CONCAT(',', t.outcome, ','), '') <> @Outcomes)
                  AND (@Label IS NULL OR t.normalized_label = @Label)
                  AND (@OnlyTaskId IS NULL OR CASE WHEN CONCAT(t.task_id, '.') = CONCAT(@OnlyTaskId, '.') THEN 1 ELSE 0 END <> 0)
                  AND (@Status IS NULL OR t.normalized_status = @Status)
                  AND (@ExecutionType IS NULL OR t.normalized_execution_type = @ExecutionType)
                  AND (@RunId IS NULL OR CASE WHEN CONCAT(t.run_id, '.') = CONCAT(@RunId, '.') THEN 1 ELSE 0 END <> 0)
        """;

    private const string SelectKeysStart = "SELECT t.created_at AS CreatedAt, t.task_id AS TaskId FROM tasks t";

    private const string SelectCountStart = "SELECT CAST(COUNT(*) AS BIGINT) FROM (" + SelectExaminedTasks;

    private const string SelectExaminedStart = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT t.task_id FROM tasks t";

    private const string SelectExaminedEnd = ") t";

    private const string AndEarlier = "\n          AND t.created_at >= @From AND t.created_at < @Before";

    private const string AndSameTime = "\n          AND t.created_at = @Before AND t.task_id > @TaskId";

    private const string AndRun = "\n          AND t.run_id = @RunId";

    private const string AndTask = "\n          AND t.task_id = @OnlyTaskId";

    // Repeats the condition of the partial index tasks_by_label.
    private const string AndLabel = "\n          AND t.normalized_label = @Label AND t.normalized_label <> ''";

    private const string AndAgent = "\n          AND t.agent = @Agent";

    private const string AndOutcome = "\n          AND t.outcome = @Outcome";

    // Repeats the condition of the partial index tasks_by_status.
    private const string AndStatus = "\n          AND t.normalized_status = @Status AND t.normalized_status <> 'completed'";

    private const string AndSpace = "\n          AND t.space_id = " + SelectSpaceId;

    private const string SelectSpaceId =
        "(SELECT i.id FROM spaces i WHERE i.organisation_id = @OrganisationId AND i.token = @SpaceToken)";

    // SQL Server could sort all tasks of a space that it looks up within the statement. A page whose token has become that of another
    // space in between finds no space.
    private const string DeclareSpaceId = "DECLARE @SpaceId bigint = " + SelectSpaceId + ";\n";

    private const string AndDeclaredSpace = "\n          AND t.space_id = @SpaceId";

    private const string AndIsDeclaredSpace = " AND s.id = @SpaceId";

    private const string OrderBy = "\n        ORDER BY t.created_at DESC, t.task_id";

    // The version is a subquery: a join, as in a page, would make the engine sort all tasks before it returns the first row.
    private const string SelectAll =
        $"""
        SELECT (SELECT v.revision FROM organisation_versions v WHERE v.organisation_id = @OrganisationId) AS Revision,
               (SELECT v.stamp FROM organisation_versions v WHERE v.organisation_id = @OrganisationId) AS Stamp,
               t.task_id        AS TaskId,
               t.run_id         AS RunId,
               s.token          AS SpaceToken,
               s.name           AS SpaceName,
               t.product_id     AS ProductId,
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
          FROM tasks t
        """;

    private const string JoinCountedSpaces =
        $"""

          LEFT JOIN spaces s
            ON s.organisation_id = t.organisation_id
           AND s.id = t.space_id
           AND {CountedSpaces.Predicate}
        """ + WhereProduct + AndEarlier + AndCountedSpace + AndFilters;

    // An inner join lets the planner start from the spaces. LEFT JOIN with CASE, which no planner can rewrite to an inner join,
    // prevents that.
    private const string AndCountedSpace = "\n          AND CASE WHEN s.token = COALESCE(@SpaceToken, s.token) THEN 1 ELSE 0 END <> 0";

    // Without ORDER BY: the order is that of the examined tasks. PostgreSQL plans a subquery for its first rows, instead of for all,
    // only if the outer query neither sorts nor joins; SQLite would examine all of them before the first row.
    private const string Limit = " LIMIT @Limit";

    private const string FetchNext = OrderBy + " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    private const string LimitExamined = OrderBy + " LIMIT @MaxExamined";

    private const string FetchExamined = OrderBy + " OFFSET 0 ROWS FETCH NEXT @MaxExamined ROWS ONLY";

    private const string LimitKeys = OrderBy + " LIMIT 2 OFFSET @Skipped";

    private const string FetchKeys = OrderBy + " OFFSET @Skipped ROWS FETCH NEXT 2 ROWS ONLY";

    // Planned for its first rows, an export needs no memory for all of them.
    private const string LoopJoinsForFirstRows = "\nOPTION (LOOP JOIN, FORCE ORDER, FAST 100)";

    internal static string SelectPage(AccessPath path, KeyRange range, SqlDialect dialect) =>
        Declare(path, dialect) + SelectPageStart + AndIsSpace(path, dialect) + SelectPageRows + UseIndex(path, dialect) + JoinSpaces
        + AndPath(path, dialect) + AndRange(range) + MaxExamined(dialect) + WhereMatching
        + dialect switch { SqlDialect.Common => Limit, SqlDialect.TSql => FetchNext } + JoinVersion + JoinByLoops(dialect);

    /// <summary>The last of the examined tasks and the one after it, if there are so many; most indexes hold all it reads.</summary>
    internal static string SelectKeys(AccessPath path, KeyRange range, SqlDialect dialect) =>
        Declare(path, dialect) + SelectKeysStart + UseIndex(path, dialect) + WhereProduct + AndPath(path, dialect) + AndRange(range)
        + dialect switch { SqlDialect.Common => LimitKeys, SqlDialect.TSql => FetchKeys };

    internal static string CountMatching(AccessPath path, SqlDialect dialect) =>
        Declare(path, dialect) + SelectCountStart + UseIndex(path, dialect) + JoinSpaces + AndPath(path, dialect) + AndEarlier
        + MaxExamined(dialect) + WhereMatching + JoinByLoops(dialect);

    internal static string CountSameTime(AccessPath path, SqlDialect dialect) =>
        Declare(path, dialect) + SelectExaminedStart + UseIndex(path, dialect) + WhereProduct + AndPath(path, dialect) + AndSameTime
        + MaxExamined(dialect) + SelectExaminedEnd;

    // Unlike a page, an export without a matching task has no row.
    internal static string SelectExport(AccessPath path, SqlDialect dialect) =>
        Declare(path, dialect) + SelectAll + UseIndex(path, dialect) + JoinCountedSpaces + AndPath(path, dialect) + OrderBy
        + dialect switch { SqlDialect.Common => "", SqlDialect.TSql => LoopJoinsForFirstRows };

    private static string UseIndex(AccessPath path, SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => "",
        SqlDialect.TSql => path switch
        {
            AccessPath.Time => IndexHints.TasksByTime,
            AccessPath.Task => IndexHints.TasksByKey,
            AccessPath.Run => IndexHints.TasksByRun,
            AccessPath.Agent => IndexHints.TasksByAgent,
            AccessPath.Label => IndexHints.TasksByLabel,
            AccessPath.Outcome => IndexHints.TasksByOutcome,
            AccessPath.Status => IndexHints.TasksByStatus,
            AccessPath.Space => IndexHints.TasksBySpace,
        },
    };

    private static string JoinByLoops(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => "",
        SqlDialect.TSql => IndexHints.LoopJoins,
    };

    private static string AndPath(AccessPath path, SqlDialect dialect) => path switch
    {
        AccessPath.Time => "",
        AccessPath.Task => AndTask,
        AccessPath.Run => AndRun,
        AccessPath.Agent => AndAgent,
        AccessPath.Label => AndLabel,
        AccessPath.Outcome => AndOutcome,
        AccessPath.Status => AndStatus,
        AccessPath.Space => dialect switch { SqlDialect.Common => AndSpace, SqlDialect.TSql => AndDeclaredSpace },
    };

    private static string Declare(AccessPath path, SqlDialect dialect) => DeclaresSpace(path, dialect) ? DeclareSpaceId : "";

    private static string AndIsSpace(AccessPath path, SqlDialect dialect) => DeclaresSpace(path, dialect) ? AndIsDeclaredSpace : "";

    private static bool DeclaresSpace(AccessPath path, SqlDialect dialect) =>
        (path, dialect) == (AccessPath.Space, SqlDialect.TSql);

    private static string AndRange(KeyRange range) => range switch
    {
        KeyRange.SameTime => AndSameTime,
        KeyRange.Earlier => AndEarlier,
    };

    private static string MaxExamined(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => LimitExamined,
        SqlDialect.TSql => FetchExamined,
    };
}

/// <summary>The two ranges of an index that follow a task: an index can seek to each, but not to both at once.</summary>
internal enum KeyRange
{
    SameTime,
    Earlier,
}
