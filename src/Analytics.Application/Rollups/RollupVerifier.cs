using System.Runtime.CompilerServices;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>A measure whose stored total differs from the recounted one.</summary>
public sealed record Difference(long SpaceId, string ProductId, string Measure, long Stored, long Recounted);

/// <summary>
/// The result for one organisation. <c>OutcomeMismatches</c> counts the tasks stored with another outcome than the rules give;
/// <c>DifferentRollups</c> is null while the rollups are stale.
/// </summary>
public sealed record VerificationResult(
    long OrganisationId, string Handle, long Tasks, long OutcomeMismatches, IReadOnlyList<Difference> Differences, long? DifferentRollups)
{
    public bool IsClean => OutcomeMismatches == 0 && Differences.Count == 0 && DifferentRollups == 0;
}

/// <summary>
/// Recounts totals and rollups from the tasks, one organisation at a time under its lock: the service stays available, and only that
/// organisation's writers wait.
/// </summary>
public sealed class RollupVerifier(
    DbDataSource database,
    WriteTransactionRunner transactions,
    ITaskStore store,
    RollupRecount rollupRecount,
    RollupBackfill backfill,
    TimeProvider clock)
{
    private const string OrganisationsSql = "SELECT id, handle FROM organisations ORDER BY id";

    private const string TotalsSql =
        $"""
        SELECT r.space_id AS SpaceId, r.product_id AS ProductId,
               {MeasureColumns.RollupOrZero}
          FROM task_totals r
         WHERE r.organisation_id = @OrganisationId
        """;

    private const string TasksSql =
        $"""
        SELECT {TaskColumns.Select}
          FROM tasks t
         WHERE t.organisation_id = @OrganisationId
        """;

    private const string UpdateOutcomeSql =
        "UPDATE tasks SET outcome = @Outcome WHERE organisation_id = @OrganisationId AND task_id = @TaskId";

    private const string DeleteTotalsSql = "DELETE FROM task_totals WHERE organisation_id = @OrganisationId";

    /// <summary>Verifies every organisation; <paramref name="repair"/> re-applies the outcome rules and rewrites what differs.</summary>
    public async IAsyncEnumerable<VerificationResult> RunAsync(
        bool repair, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var organisations = await database.QueryAsync<(long Id, string Handle)>(OrganisationsSql, parameters: null, cancellationToken);
        foreach (var (organisationId, handle) in organisations)
        {
            var result = await transactions.RunAsync(
                (transaction, token) => RunAsync(transaction, organisationId, handle, repair, token), cancellationToken);
            if (result is not null)
            {
                yield return result;
            }
        }
    }

    // Null if the organisation was erased since the list was read.
    private async Task<VerificationResult?> RunAsync(
        WriteTransaction transaction, long organisationId, string handle, bool repair, CancellationToken cancellationToken)
    {
        if (!await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            return null;
        }

        var (tasks, outcomeFixes, recounted) = await RecountAsync(transaction, organisationId, cancellationToken);
        var stored = await ReadTotalsAsync(transaction, organisationId, cancellationToken);
        var differentRollups = await rollupRecount.CountDifferencesAsync(transaction, organisationId, cancellationToken);
        var differences = Compare(stored, recounted);
        var result = new VerificationResult(organisationId, handle, tasks, outcomeFixes.Count, differences, differentRollups);
        if (repair && !result.IsClean)
        {
            await transaction.ExecuteAsync(UpdateOutcomeSql, outcomeFixes, cancellationToken);
            await transaction.ExecuteAsync(DeleteTotalsSql, new { OrganisationId = organisationId }, cancellationToken);
            await store.AddTotalsAsync(transaction, organisationId, recounted, cancellationToken);
            await backfill.RebuildAsync(transaction, organisationId, cancellationToken);
            await transaction.CommitAsync();
        }

        return result;
    }

    private static async Task<(long Tasks, List<OutcomeFix> OutcomeFixes, Dictionary<TotalsKey, Measures> Recounted)> RecountAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var tasks = 0L;
        var outcomeFixes = new List<OutcomeFix>();
        var recounted = new Dictionary<TotalsKey, Measures>();
        var rows = transaction.Connection.QueryUnbufferedAsync<StoredTaskRow>(
            TasksSql, new { OrganisationId = organisationId }, transaction.Transaction, WriteTransaction.CommandTimeoutSeconds);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (row.ToTask() is not { Content: { } stored })
            {
                continue;
            }

            tasks++;
            var classified = stored.WithClassifiedOutcome();
            if (classified != stored)
            {
                var name = classified.Outcome is { } outcome ? Outcomes.Name(outcome) : null;
                outcomeFixes.Add(new OutcomeFix(organisationId, row.TaskId, name));
            }

            var key = TotalsKey.From(classified);
            recounted[key] = recounted.GetValueOrDefault(key, Measures.Zero) + Measures.From(classified);
        }

        return (tasks, outcomeFixes, recounted);
    }

    private static async Task<Dictionary<TotalsKey, Measures>> ReadTotalsAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var totals = await transaction.Connection.QueryAsync<TotalsKeyRow, Measures, (TotalsKey Key, Measures Measures)>(
            transaction.Command(TotalsSql, new { OrganisationId = organisationId }, cancellationToken),
            (row, measures) => (new TotalsKey(row.SpaceId, row.ProductId), measures),
            splitOn: nameof(Measures.Interested));
        return totals.ToDictionary();
    }

    private static List<Difference> Compare(Dictionary<TotalsKey, Measures> stored, Dictionary<TotalsKey, Measures> recounted) =>
    [
        .. from key in stored.Keys.Union(recounted.Keys).OrderBy(key => key.SpaceId).ThenBy(key => key.ProductId, StringComparer.Ordinal)
           let columns = stored.GetValueOrDefault(key, Measures.Zero).Columns.Zip(recounted.GetValueOrDefault(key, Measures.Zero).Columns)
           from column in columns
           where column.First.Value != column.Second.Value
           select new Difference(key.SpaceId, key.ProductId, column.First.Name, column.First.Value, column.Second.Value),
    ];

    private sealed record OutcomeFix(long OrganisationId, string TaskId, string? Outcome);

    private sealed record TotalsKeyRow(long SpaceId, string ProductId);
}
