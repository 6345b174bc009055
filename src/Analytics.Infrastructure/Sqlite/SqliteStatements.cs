namespace Analytics.Infrastructure.Sqlite;

internal static class SqliteStatements
{
    /// <summary>IN, not a join: a join lets SQLite scan the tasks and search the list, which has no index.</summary>
    public const string ReadStored =
        """
        SELECT task_id        AS TaskId,
               updated_at     AS UpdatedAt,
               space_id       AS SpaceId,
               product_id     AS ProductId,
               run_id         AS RunId,
               agent          AS Agent,
               direction      AS Direction,
               execution_type AS ExecutionType,
               status         AS Status,
               label          AS Label,
               outcome        AS Outcome,
               success_score  AS SuccessScore,
               duration       AS Duration,
               created_at     AS CreatedAt
          FROM tasks
         WHERE organisation_id = @OrganisationId
           AND task_id IN (SELECT value FROM json_each(@TaskIds))
        """;

    public const string UpsertTask =
        """
        INSERT INTO tasks (
               organisation_id, task_id, updated_at, space_id, product_id, run_id, agent, direction,
               execution_type, status, label, outcome, success_score, duration, created_at)
        VALUES (@OrganisationId, @TaskId, @UpdatedAt, @SpaceId, @ProductId, @RunId, @Agent, @Direction,
                @ExecutionType, @Status, @Label, @Outcome, @SuccessScore, @Duration, @CreatedAt)
            ON CONFLICT (organisation_id, task_id) DO UPDATE
           SET updated_at = excluded.updated_at,
               space_id = excluded.space_id,
               product_id = excluded.product_id,
               run_id = excluded.run_id,
               agent = excluded.agent,
               direction = excluded.direction,
               execution_type = excluded.execution_type,
               status = excluded.status,
               label = excluded.label,
               outcome = excluded.outcome,
               success_score = excluded.success_score,
               duration = excluded.duration,
               created_at = excluded.created_at
        """;

    /// <summary>The parameters of <see cref="UpsertTask"/>, in its order.</summary>
    public static readonly string[] UpsertTaskParameters =
    [
        "@OrganisationId", "@TaskId", "@UpdatedAt", "@SpaceId", "@ProductId", "@RunId", "@Agent", "@Direction",
        "@ExecutionType", "@Status", "@Label", "@Outcome", "@SuccessScore", "@Duration", "@CreatedAt",
    ];

    /// <summary>Not an upsert: SQLite checks an upsert's row before it turns to the update, and a change may be negative.</summary>
    public const string AddToTotals =
        """
        UPDATE task_totals
           SET interested = interested + @Interested,
               call_back = call_back + @CallBack,
               send_details = send_details + @SendDetails,
               not_interested = not_interested + @NotInterested,
               not_connected = not_connected + @NotConnected,
               calls_failed = calls_failed + @CallsFailed,
               calls_other = calls_other + @CallsOther,
               pending = pending + @Pending,
               in_progress = in_progress + @InProgress,
               completed = completed + @Completed,
               tasks_failed = tasks_failed + @TasksFailed,
               tasks_other = tasks_other + @TasksOther,
               score_sum = score_sum + @ScoreSum,
               scored_calls = scored_calls + @ScoredCalls,
               duration_sum = duration_sum + @DurationSum,
               timed_calls = timed_calls + @TimedCalls
         WHERE organisation_id = @OrganisationId AND space_id = @SpaceId AND product_id = @ProductId
        """;

    public const string InsertTotals =
        """
        INSERT INTO task_totals (
               organisation_id, space_id, product_id,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other,
               pending, in_progress, completed, tasks_failed, tasks_other,
               score_sum, scored_calls, duration_sum, timed_calls)
        VALUES (@OrganisationId, @SpaceId, @ProductId,
                @Interested, @CallBack, @SendDetails, @NotInterested, @NotConnected, @CallsFailed, @CallsOther,
                @Pending, @InProgress, @Completed, @TasksFailed, @TasksOther,
                @ScoreSum, @ScoredCalls, @DurationSum, @TimedCalls)
        """;

    /// <summary>For a change without a minus: SQLite checks an upsert's row before it turns to the update.</summary>
    public const string UpsertPeriod =
        """
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other, pending,
               in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
        VALUES (@OrganisationId, @SpaceId, @ProductId, @Granularity, @StartsAt, @Agent, @Direction,
                @Interested, @CallBack, @SendDetails, @NotInterested, @NotConnected, @CallsFailed, @CallsOther,
                @Pending, @InProgress, @Completed, @TasksFailed, @TasksOther, @ScoreSum, @ScoredCalls, @DurationSum,
                @TimedCalls)
            ON CONFLICT (organisation_id, space_id, product_id, granularity, starts_at, agent, direction) DO UPDATE
           SET interested = interested + excluded.interested,
               call_back = call_back + excluded.call_back,
               send_details = send_details + excluded.send_details,
               not_interested = not_interested + excluded.not_interested,
               not_connected = not_connected + excluded.not_connected,
               calls_failed = calls_failed + excluded.calls_failed,
               calls_other = calls_other + excluded.calls_other,
               pending = pending + excluded.pending,
               in_progress = in_progress + excluded.in_progress,
               completed = completed + excluded.completed,
               tasks_failed = tasks_failed + excluded.tasks_failed,
               tasks_other = tasks_other + excluded.tasks_other,
               score_sum = score_sum + excluded.score_sum,
               scored_calls = scored_calls + excluded.scored_calls,
               duration_sum = duration_sum + excluded.duration_sum,
               timed_calls = timed_calls + excluded.timed_calls
        """;

    /// <summary>For a change with a minus, which takes from what is there.</summary>
    public const string UpdatePeriod =
        """
        UPDATE task_rollups
           SET interested = interested + @Interested,
               call_back = call_back + @CallBack,
               send_details = send_details + @SendDetails,
               not_interested = not_interested + @NotInterested,
               not_connected = not_connected + @NotConnected,
               calls_failed = calls_failed + @CallsFailed,
               calls_other = calls_other + @CallsOther,
               pending = pending + @Pending,
               in_progress = in_progress + @InProgress,
               completed = completed + @Completed,
               tasks_failed = tasks_failed + @TasksFailed,
               tasks_other = tasks_other + @TasksOther,
               score_sum = score_sum + @ScoreSum,
               scored_calls = scored_calls + @ScoredCalls,
               duration_sum = duration_sum + @DurationSum,
               timed_calls = timed_calls + @TimedCalls
         WHERE organisation_id = @OrganisationId
           AND space_id = @SpaceId
           AND product_id = @ProductId
           AND granularity = @Granularity
           AND starts_at = @StartsAt
           AND agent = @Agent
           AND direction = @Direction
        """;

    /// <summary>The parameters of both, in the order of a row.</summary>
    public static readonly string[] PeriodParameters =
    [
        "@OrganisationId", "@SpaceId", "@ProductId", "@Granularity", "@StartsAt", "@Agent", "@Direction",
        "@Interested", "@CallBack", "@SendDetails", "@NotInterested", "@NotConnected", "@CallsFailed", "@CallsOther",
        "@Pending", "@InProgress", "@Completed", "@TasksFailed", "@TasksOther", "@ScoreSum", "@ScoredCalls", "@DurationSum",
        "@TimedCalls",
    ];

    /// <summary>
    /// The periods of runs of one length, not added up: that would sort them first. CROSS JOIN, so that each run is one range
    /// of the primary key.
    /// </summary>
    public const string ReadPeriods =
        """
        SELECT r.key AS RangeIndex,
               p.starts_at AS StartsAt,
               p.agent     AS Agent,
               p.direction AS Direction,
               p.interested     AS Interested,
               p.call_back      AS CallBack,
               p.send_details   AS SendDetails,
               p.not_interested AS NotInterested,
               p.not_connected  AS NotConnected,
               p.calls_failed   AS CallsFailed,
               p.calls_other    AS CallsOther,
               p.pending        AS Pending,
               p.in_progress    AS InProgress,
               p.completed      AS Completed,
               p.tasks_failed   AS TasksFailed,
               p.tasks_other    AS TasksOther,
               p.score_sum      AS ScoreSum,
               p.scored_calls   AS ScoredCalls,
               p.duration_sum   AS DurationSum,
               p.timed_calls    AS TimedCalls
          FROM json_each(@RangeStarts) r
         CROSS JOIN task_rollups p
         WHERE p.organisation_id = @OrganisationId
           AND p.space_id = @SpaceId
           AND p.product_id = @ProductId
           AND p.granularity = @Granularity
           AND p.starts_at >= r.value
           AND p.starts_at < r.value + @Length
           AND (@Agents IS NULL OR p.agent IN (SELECT value FROM json_each(@Agents)))
           AND (@Direction IS NULL OR p.direction = @Direction)
        """;

    public const string LastOfNextTasks =
        """
        SELECT MAX(n.task_id)
          FROM (SELECT task_id
                  FROM tasks
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id
                 LIMIT @BatchSize) n
        """;

    /// <summary>One range of the primary key, whatever the planner thinks of how many rows there are.</summary>
    public const string ErasePeriods =
        """
        DELETE FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND (space_id, product_id, granularity, starts_at, agent, direction) <= (
               SELECT space_id, product_id, granularity, starts_at, agent, direction
                 FROM task_rollups
                WHERE organisation_id = @OrganisationId
                ORDER BY space_id, product_id, granularity, starts_at, agent, direction
                LIMIT 1 OFFSET @BatchSize - 1)
        """;
}
