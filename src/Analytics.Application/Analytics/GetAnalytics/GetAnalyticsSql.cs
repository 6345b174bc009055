namespace Analytics.Application.Analytics.GetAnalytics;

internal static class GetAnalyticsSql
{
    /// <summary>
    /// One row: the version, how many spaces match, and what their rollups hold. It reads one rollup row a space, so its
    /// cost does not grow with the number of tasks. No space matched is not the same as no data in those that did.
    /// </summary>
    public const string Totals =
        """
        SELECT v.revision  AS Revision,
               v.stamp     AS Stamp,
               CAST(COUNT(s.id) AS BIGINT) AS Spaces,
               CAST(COALESCE(SUM(t.interested), 0)     AS BIGINT) AS Interested,
               CAST(COALESCE(SUM(t.call_back), 0)      AS BIGINT) AS CallBack,
               CAST(COALESCE(SUM(t.send_details), 0)   AS BIGINT) AS SendDetails,
               CAST(COALESCE(SUM(t.not_interested), 0) AS BIGINT) AS NotInterested,
               CAST(COALESCE(SUM(t.not_connected), 0)  AS BIGINT) AS NotConnected,
               CAST(COALESCE(SUM(t.calls_failed), 0)   AS BIGINT) AS CallsFailed,
               CAST(COALESCE(SUM(t.calls_other), 0)    AS BIGINT) AS CallsOther,
               CAST(COALESCE(SUM(t.pending), 0)        AS BIGINT) AS Pending,
               CAST(COALESCE(SUM(t.in_progress), 0)    AS BIGINT) AS InProgress,
               CAST(COALESCE(SUM(t.completed), 0)      AS BIGINT) AS Completed,
               CAST(COALESCE(SUM(t.tasks_failed), 0)   AS BIGINT) AS TasksFailed,
               CAST(COALESCE(SUM(t.tasks_other), 0)    AS BIGINT) AS TasksOther,
               CAST(COALESCE(SUM(t.score_sum), 0)      AS BIGINT) AS ScoreSum,
               CAST(COALESCE(SUM(t.scored_calls), 0)   AS BIGINT) AS ScoredCalls,
               CAST(COALESCE(SUM(t.duration_sum), 0)   AS BIGINT) AS DurationSum,
               CAST(COALESCE(SUM(t.timed_calls), 0)    AS BIGINT) AS TimedCalls
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND LOWER(TRIM(s.content_type)) = @Contact
           AND LOWER(TRIM(s.status)) = @Active
           AND (@SpaceToken = '' OR s.token = @SpaceToken)
          LEFT JOIN task_totals t
            ON t.organisation_id = s.organisation_id
           AND t.space_id = s.id
           AND t.product_id = @ProductId
         WHERE v.organisation_id = @OrganisationId
         GROUP BY v.revision, v.stamp
        """;

    /// <summary>
    /// A row for each space that counts, with all that it has; one without a space where none does. A planned question's first
    /// statement: it says which version the others must see too, and whether the periods can be read.
    /// </summary>
    public const string Spaces =
        """
        SELECT v.revision   AS Revision,
               v.stamp      AS Stamp,
               v.changed_at AS ChangedAt,
               CAST(CASE WHEN v.rollups_revision = v.revision THEN 1 ELSE 0 END AS BIGINT) AS PeriodsAreKept,
               s.id         AS SpaceId,
               COALESCE(s.token, '') AS SpaceToken,
               COALESCE(s.name, '')  AS SpaceName,
               COALESCE(t.interested, 0)     AS Interested,
               COALESCE(t.call_back, 0)      AS CallBack,
               COALESCE(t.send_details, 0)   AS SendDetails,
               COALESCE(t.not_interested, 0) AS NotInterested,
               COALESCE(t.not_connected, 0)  AS NotConnected,
               COALESCE(t.calls_failed, 0)   AS CallsFailed,
               COALESCE(t.calls_other, 0)    AS CallsOther,
               COALESCE(t.pending, 0)        AS Pending,
               COALESCE(t.in_progress, 0)    AS InProgress,
               COALESCE(t.completed, 0)      AS Completed,
               COALESCE(t.tasks_failed, 0)   AS TasksFailed,
               COALESCE(t.tasks_other, 0)    AS TasksOther,
               COALESCE(t.score_sum, 0)      AS ScoreSum,
               COALESCE(t.scored_calls, 0)   AS ScoredCalls,
               COALESCE(t.duration_sum, 0)   AS DurationSum,
               COALESCE(t.timed_calls, 0)    AS TimedCalls
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND LOWER(TRIM(s.content_type)) = @Contact
           AND LOWER(TRIM(s.status)) = @Active
           AND (@SpaceToken = '' OR s.token = @SpaceToken)
          LEFT JOIN task_totals t
            ON t.organisation_id = s.organisation_id
           AND t.space_id = s.id
           AND t.product_id = @ProductId
         WHERE v.organisation_id = @OrganisationId
        """;
}
