namespace Analytics.Infrastructure;

/// <summary>The statements with LIMIT, which SQLite and PostgreSQL share.</summary>
internal static class LimitStatements
{
    public const string GetBatchUpperBound =
        """
        SELECT MAX(n.task_id)
          FROM (SELECT task_id
                  FROM tasks
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id
                 LIMIT @BatchSize) n
        """;

    /// <summary>One range of the primary key, whatever row counts the planner estimates.</summary>
    public const string DeleteRollups =
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
