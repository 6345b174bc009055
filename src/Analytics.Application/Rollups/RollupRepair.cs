using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Rewrites wrong rollups and totals: each day, each month and the totals in one short transaction under the organisation's lock, which
/// increments the version, so that no response outlives the wrong numbers.
/// </summary>
public sealed class RollupRepair(WriteTransactionRunner transactions, ITaskStore store, TimeProvider clock)
{
    private const string SpacesSql = "SELECT id FROM spaces WHERE organisation_id = @OrganisationId";

    private const string UpdateOutcomeSql =
        "UPDATE tasks SET outcome = @Outcome WHERE organisation_id = @OrganisationId AND task_id = @TaskId";

    private const string DeleteRangeSql =
        """
        DELETE FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND space_id = @SpaceId
           AND product_id = @ProductId
           AND granularity = @Granularity
           AND starts_at >= @Start
           AND starts_at < @End
        """;

    private const string InsertMonthSql =
        $"""
        INSERT INTO task_rollups (organisation_id, {RollupColumns.Key}, {MeasureColumns.Names})
        SELECT r.organisation_id, r.space_id, r.product_id, @Granularity, @Start, r.member, r.agent, r.direction,
               {MeasureColumns.RollupSums}
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id = @SpaceId
           AND r.product_id = @ProductId
           AND r.granularity = @Days
           AND r.starts_at >= @Start
           AND r.starts_at < @End
         GROUP BY r.organisation_id, r.space_id, r.product_id, r.member, r.agent, r.direction
        """;

    private const string DeleteTotalsSql = "DELETE FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string InsertTotalsSql =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        SELECT r.organisation_id, r.space_id, r.product_id,
               {MeasureColumns.RollupSums}
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id <> @AllSpaces
           AND r.granularity = @Days
         GROUP BY r.organisation_id, r.space_id, r.product_id
        """;

    /// <summary>Recounts a day, rewrites its rollups and re-applies the outcome rules to its tasks.</summary>
    internal Task RepairDayAsync(
        long organisationId, string productId, Timestamp day, IReadOnlySet<long> storedSpaceIds, CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, state, token) =>
            {
                var end = Granularities.EndOf(Granularity.Day, day);
                var spaceIds = storedSpaceIds.Append(RollupKey.AllSpaces)
                    .Union(await transaction.QueryAsync<long>(SpacesSql, new { OrganisationId = organisationId }, token));
                await DeleteAsync(transaction, organisationId, productId, spaceIds, DayRecount.Daily, day, end, token);
                var tasks = new TaskReader(transaction.Connection, transaction.Transaction, organisationId);
                var recount = new DayRecount(tasks, organisationId, productId, day, state.CountedSpaceIds);
                await foreach (var recounted in recount.RunAsync(token))
                {
                    await store.AddRollupsAsync(transaction, organisationId, recounted.Sums, token);
                }

                await transaction.ExecuteAsync(UpdateOutcomeSql, recount.OutcomeFixes, token);
            },
            cancellationToken);

    /// <summary>Rewrites the rollups of a month as the sums of its days.</summary>
    internal Task RepairMonthAsync(
        long organisationId, string productId, Timestamp month, IReadOnlySet<long> storedSpaceIds, CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, _, token) =>
            {
                var end = Granularities.EndOf(Granularity.AgentMonth, month);
                var granularities = Granularities.MonthsWithDays.Select(pair => pair.Month).ToList();
                await DeleteAsync(transaction, organisationId, productId, storedSpaceIds, granularities, month, end, token);
                var months =
                    from spaceId in storedSpaceIds
                    from pair in Granularities.MonthsWithDays
                    select new
                    {
                        OrganisationId = organisationId,
                        SpaceId = spaceId,
                        ProductId = productId,
                        Granularity = (int)pair.Month,
                        Days = (int)pair.Day,
                        Start = month.UnixMilliseconds,
                        End = end.UnixMilliseconds,
                    };
                await transaction.ExecuteAsync(InsertMonthSql, months, token);
            },
            cancellationToken);

    /// <summary>Replaces the totals by the sums of the days.</summary>
    internal Task ReplaceTotalsAsync(long organisationId, CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, state, token) =>
            {
                var parameters = new { OrganisationId = organisationId, RollupKey.AllSpaces, Days = (int)Granularity.Day };
                await transaction.ExecuteAsync(DeleteTotalsSql, parameters, token);
                await transaction.ExecuteAsync(InsertTotalsSql, parameters, token);
            },
            cancellationToken);

    // A rebuild that has started since writes right rollups itself.
    private Task<bool> RunAsync(
        long organisationId, Func<WriteTransaction, RollupState, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        transactions.RunWithNewVersionAsync(
            organisationId,
            clock,
            async (transaction, token) =>
            {
                var state = await RollupState.ReadAsync(transaction, organisationId, token);
                if (!state.IsComplete)
                {
                    return false;
                }

                await write(transaction, state, token);
                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);

    // Dapper executes the statement once for each range.
    private static Task<int> DeleteAsync(
        WriteTransaction transaction,
        long organisationId,
        string productId,
        IEnumerable<long> spaceIds,
        IReadOnlyList<Granularity> granularities,
        Timestamp start,
        Timestamp end,
        CancellationToken cancellationToken)
    {
        var ranges =
            from spaceId in spaceIds
            from granularity in granularities
            select new
            {
                OrganisationId = organisationId,
                SpaceId = spaceId,
                ProductId = productId,
                Granularity = (int)granularity,
                Start = start.UnixMilliseconds,
                End = end.UnixMilliseconds,
            };
        return transaction.ExecuteAsync(DeleteRangeSql, ranges, cancellationToken);
    }
}
