namespace Analytics.Application.Storage;

/// <summary>
/// The key columns of a rollup without the organisation. The table's alias is <c>r</c>, that of a batch of deltas <c>d</c>.
/// </summary>
public static class RollupColumns
{
    public const string Key = "space_id, product_id, granularity, starts_at, member, agent, direction";

    public const string KeyParameters = "@SpaceId, @ProductId, @Granularity, @StartsAt, @Member, @Agent, @Direction";

    // A condition on r for the organisation @OrganisationId.
    public const string KeyEqualsParameters =
        """
        r.organisation_id = @OrganisationId
           AND r.space_id = @SpaceId
           AND r.product_id = @ProductId
           AND r.granularity = @Granularity
           AND r.starts_at = @StartsAt
           AND r.member = @Member
           AND r.agent = @Agent
           AND r.direction = @Direction
        """;

    // A condition on r and d for the organisation @OrganisationId.
    public const string KeyEqualsDelta =
        """
        r.organisation_id = @OrganisationId
           AND r.space_id = d.space_id
           AND r.product_id = d.product_id
           AND r.granularity = d.granularity
           AND r.starts_at = d.starts_at
           AND r.member = d.member
           AND r.agent = d.agent
           AND r.direction = d.direction
        """;

    // Conditions on r that repeat those of the partial indexes task_rollups_by_agent and task_rollups_by_run.
    public const string HasAgent = "r.granularity IN (4, 5, 6, 7)";

    public const string HasRun = "r.granularity IN (6, 7)";

    // A condition on r.
    public const string IsEmpty = $"{MeasureColumns.TotalTasks} = 0";
}
