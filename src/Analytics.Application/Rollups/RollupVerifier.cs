using System.Data.Common;
using System.Runtime.CompilerServices;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Application.Rollups;

/// <summary>A place where the rollup does not say what the tasks say.</summary>
/// <param name="SpaceId">The space.</param>
/// <param name="ProductId">The product.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Stored">What the rollup says.</param>
/// <param name="Recounted">What the tasks say.</param>
public sealed record Difference(long SpaceId, string ProductId, string Measure, long Stored, long Recounted);

/// <summary>What a recount of one organisation found.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="Tasks">How many tasks it has.</param>
/// <param name="OutcomeMismatches">How many of them are kept with another outcome than the rules give.</param>
/// <param name="Differences">Where the totals do not say what the tasks say.</param>
/// <param name="DifferentRollups">How many stretches of time do not; absent where they are not filled.</param>
public sealed record VerificationResult(long OrganisationId, string Handle, long Tasks, long OutcomeMismatches, IReadOnlyList<Difference> Differences, long? DifferentRollups)
{
    /// <summary>Whether nothing is to be repaired.</summary>
    public bool IsClean => OutcomeMismatches == 0 && Differences.Count == 0 && DifferentRollups == 0;
}

/// <summary>
/// Recounts the rollups from the tasks, one organisation after the other, each under its own lock: the service goes on,
/// and only that organisation's writers wait.
/// </summary>
public sealed class RollupVerifier(
    DbDataSource database, WriteTransactionRunner transactions, ITaskStore store, RollupRecount rollupRecount, RollupBackfill backfill, TimeProvider clock)
{
    private const string OrganisationsSql = "SELECT id AS Id, handle AS Handle FROM organisations ORDER BY id";

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

    /// <summary>Recounts every organisation.</summary>
    /// <param name="repair">Whether to judge the kept labels again and rewrite what differs.</param>
    /// <param name="cancellationToken">Ends the recount between two organisations.</param>
    public async IAsyncEnumerable<VerificationResult> RunAsync(
        bool repair, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var organisation in await ReadOrganisationsAsync(cancellationToken))
        {
            if (await transactions.RunAsync((transaction, token) => RunAsync(transaction, organisation, repair, token), cancellationToken) is { } result)
            {
                yield return result;
            }
        }
    }

    private async Task<IEnumerable<Organisation>> ReadOrganisationsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<Organisation>(new CommandDefinition(OrganisationsSql, cancellationToken: cancellationToken));
    }

    /// <summary>Nothing where the organisation was erased since the list of them was read.</summary>
    private async Task<VerificationResult?> RunAsync(WriteTransaction transaction, Organisation organisation, bool repair, CancellationToken cancellationToken)
    {
        var organisationId = organisation.Id;
        if (!await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            return null;
        }

        var (tasks, outcomeFixes, recounted) = await RecountAsync(transaction, organisationId, cancellationToken);
        var stored = await ReadTotalsAsync(transaction, organisationId, cancellationToken);
        var differentRollups = await rollupRecount.CountDifferencesAsync(transaction, organisationId, cancellationToken);
        var result = new VerificationResult(organisationId, organisation.Handle, tasks, outcomeFixes.Count, Compare(stored, recounted), differentRollups);
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
                outcomeFixes.Add(new OutcomeFix(organisationId, row.TaskId, classified.Outcome is { } outcome ? Outcomes.Name(outcome) : null));
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

    private sealed record Organisation
    {
        public long Id { get; init; }

        public string Handle { get; init; } = "";
    }

    private sealed record OutcomeFix(long OrganisationId, string TaskId, string? Outcome);

    private sealed record TotalsKeyRow
    {
        public long SpaceId { get; init; }

        public string ProductId { get; init; } = "";
    }
}
