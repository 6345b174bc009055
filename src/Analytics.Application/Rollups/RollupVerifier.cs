using System.Runtime.CompilerServices;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Recounts rollups from the tasks, a day at a time, and compares months and totals with the sums of the days. Each comparison reads a
/// snapshot of its own, so that writers do not wait. Only a repair locks the organisation, for a day at a time.
/// </summary>
public sealed class RollupVerifier(
    DbDataSource database,
    WriteTransactionRunner transactions,
    IRollupReader reader,
    RollupBackfill backfill,
    RollupRepair rollupRepair,
    SqlDialect dialect,
    TimeProvider clock)
{
    private const string OrganisationsSql = "SELECT id, handle FROM organisations ORDER BY id";

    // Also finds rollups of days without any task.
    private const string RollupDaysSql =
        """
        SELECT DISTINCT r.product_id AS ProductId, r.starts_at - r.starts_at % 86400000 AS Day, r.space_id AS SpaceId
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
        """;

    /// <summary>Verifies every organisation; <paramref name="repair"/> re-applies the outcome rules and rewrites what differs.</summary>
    public async IAsyncEnumerable<VerificationResult> RunAsync(
        bool repair, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var organisations = await database.QueryAsync<(long Id, string Handle)>(OrganisationsSql, parameters: null, cancellationToken);
        foreach (var (organisationId, handle) in organisations)
        {
            if (await TryRunAsync(organisationId, handle, repair, cancellationToken) is { } result)
            {
                yield return result;
            }
        }
    }

    // Null if the organisation was erased since the list was read.
    private async Task<VerificationResult?> TryRunAsync(
        long organisationId, string handle, bool repair, CancellationToken cancellationToken)
    {
        try
        {
            var wasComplete = await ReadAsync(organisationId, (_, state) => Task.FromResult(state.IsComplete), cancellationToken);
            if (!wasComplete && repair)
            {
                await backfill.RunAsync(organisationId, cancellationToken);
            }

            var findings = new Findings { AreComparable = wasComplete };
            await VerifyDaysAsync(organisationId, repair, findings, cancellationToken);
            await VerifyMonthsAsync(organisationId, repair, findings, cancellationToken);
            var differences = await VerifyTotalsAsync(organisationId, repair, findings, cancellationToken);
            return new VerificationResult(
                organisationId,
                handle,
                findings.Tasks,
                findings.OutcomeMismatches,
                differences,
                findings.AreComparable ? findings.DifferentRollups : null);
        }
        catch (OrganisationNotFoundException)
        {
            return null;
        }
    }

    private async Task VerifyDaysAsync(long organisationId, bool repair, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var ((productId, day), spaceIds) in await FindDaysAsync(organisationId, cancellationToken))
        {
            var found = await ReadAsync(
                organisationId,
                (source, state) => VerifyDayAsync(source, state, productId, day, spaceIds, cancellationToken),
                cancellationToken);
            findings.Add(found, productId, day, spaceIds);
            if (repair && found.IsWrong)
            {
                await rollupRepair.RepairDayAsync(organisationId, productId, day, spaceIds, cancellationToken);

                // The sums of the days are right again.
                findings.Corrections.Clear();
            }
        }
    }

    // Adds the spaces of the day's tasks to those of its rollups.
    private static async Task<DayFindings> VerifyDayAsync(
        Source source, RollupState state, string productId, Timestamp day, HashSet<long> spaceIds, CancellationToken cancellationToken)
    {
        var recount = new DayRecount(source.Tasks, productId, day, state.CountedSpaceIds);
        var rollups = source.Rollups(productId);
        var isComparable = state.From <= day;
        var differentRollups = 0;
        var corrections = new List<(TotalsKey, Measures)>();
        await foreach (var recounted in recount.RunAsync(cancellationToken))
        {
            spaceIds.UnionWith(recounted.Sums.Keys.Select(key => key.SpaceId));
            var differences = isComparable ? await rollups.FindDifferencesAsync(recounted, spaceIds, cancellationToken) : [];
            differentRollups += differences.Count;
            corrections.AddRange(
                from difference in differences
                where difference.Key is { Granularity: Granularity.Day, SpaceId: not RollupKey.AllSpaces }
                select (new TotalsKey(difference.Key.SpaceId, productId), difference.Missing));
        }

        return new DayFindings(isComparable, recount.Tasks, recount.OutcomeMismatches, differentRollups, corrections);
    }

    private async Task VerifyMonthsAsync(long organisationId, bool repair, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var ((productId, month), spaceIds) in findings.Months)
        {
            var differentRollups = await ReadAsync(
                organisationId,
                async (source, state) => state.From <= month
                    ? (await source.Rollups(productId).FindMonthDifferencesAsync(month, spaceIds, cancellationToken)).Count
                    : 0,
                cancellationToken);
            findings.DifferentRollups += differentRollups;
            if (differentRollups > 0 && repair)
            {
                await rollupRepair.RepairMonthAsync(organisationId, productId, month, spaceIds, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<Difference>> VerifyTotalsAsync(
        long organisationId, bool repair, Findings findings, CancellationToken cancellationToken)
    {
        var (stored, recounted) = await ReadAsync(
            organisationId, (source, state) => source.Totals.ReadAsync(state, cancellationToken), cancellationToken);
        foreach (var (key, missing) in findings.Corrections)
        {
            recounted[key] = recounted.GetValueOrDefault(key, Measures.Zero) + missing;
        }

        var differences = findings.AreComparable ? TotalsRecount.Compare(stored, recounted) : [];
        if (differences.Count > 0 && repair)
        {
            await rollupRepair.ReplaceTotalsAsync(organisationId, cancellationToken);
        }

        return differences;
    }

    // The days of each product that have tasks or rollups, newest first, and the spaces of the rollups.
    private async Task<IReadOnlyList<KeyValuePair<(string ProductId, Timestamp Day), HashSet<long>>>> FindDaysAsync(
        long organisationId, CancellationToken cancellationToken)
    {
        var days = new Dictionary<(string ProductId, Timestamp Day), HashSet<long>>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<(string ProductId, long Day, long SpaceId)>(
            RollupDaysSql, new { OrganisationId = organisationId }, commandTimeout: WriteTransaction.CommandTimeoutSeconds);
        await foreach (var (productId, day, spaceId) in rows.WithCancellation(cancellationToken))
        {
            SpacesOf(productId, new Timestamp(day)).Add(spaceId);
        }

        var tasks = new TaskReader(connection, transaction: null, dialect, organisationId);
        foreach (var productId in await tasks.ReadProductIdsAsync(cancellationToken))
        {
            for (var before = RollupState.Nothing; await tasks.FindLastAsync(productId, before, cancellationToken) is { } last;)
            {
                before = Granularities.StartOf(Granularity.Day, last);
                SpacesOf(productId, before);
            }
        }

        return [.. days.OrderByDescending(day => day.Key.Day)];

        HashSet<long> SpacesOf(string productId, Timestamp day) =>
            days.TryGetValue((productId, day), out var spaceIds) ? spaceIds : days[(productId, day)] = [];
    }

    // Where the engine has no snapshots, the organisation's lock keeps its writers away for this one read.
    private async Task<T> ReadAsync<T>(long organisationId, Func<Source, RollupState, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await reader.BeginSnapshotAsync(connection, cancellationToken);
        return snapshot is not null
            ? await ReadFromAsync(connection, transaction: null, cancellationToken)
            : await transactions.RunWithNewVersionAsync(
                organisationId,
                clock,
                (transaction, token) => ReadFromAsync(transaction.Connection, transaction.Transaction, token),
                cancellationToken);

        async Task<T> ReadFromAsync(DbConnection source, DbTransaction? transaction, CancellationToken token)
        {
            var state = await RollupState.ReadAsync(source, transaction, organisationId, token);
            return await read(new Source(source, transaction, dialect, organisationId), state);
        }
    }

    /// <summary>One state of an organisation's data.</summary>
    private sealed record Source(DbConnection Connection, DbTransaction? Transaction, SqlDialect Dialect, long OrganisationId)
    {
        public TaskReader Tasks => new(Connection, Transaction, Dialect, OrganisationId);

        public TotalsRecount Totals => new(Connection, Transaction, OrganisationId);

        public RollupRecount Rollups(string productId) => new(Connection, Transaction, OrganisationId, productId);
    }

    /// <summary>What the sums of the days lack because rollups of this day are wrong. Writes do not change it.</summary>
    private sealed record DayFindings(
        bool IsComparable, long Tasks, long OutcomeMismatches, long DifferentRollups,
        IReadOnlyList<(TotalsKey Key, Measures Missing)> Corrections)
    {
        public bool IsWrong => DifferentRollups + OutcomeMismatches > 0;
    }

    private sealed class Findings
    {
        public long Tasks { get; private set; }

        public long OutcomeMismatches { get; private set; }

        public long DifferentRollups { get; set; }

        public bool AreComparable { get; set; }

        public Dictionary<(string ProductId, Timestamp Month), HashSet<long>> Months { get; } = [];

        public Dictionary<TotalsKey, Measures> Corrections { get; } = [];

        public void Add(DayFindings found, string productId, Timestamp day, IEnumerable<long> spaceIds)
        {
            Tasks += found.Tasks;
            OutcomeMismatches += found.OutcomeMismatches;
            DifferentRollups += found.DifferentRollups;
            AreComparable &= found.IsComparable;
            foreach (var (key, missing) in found.Corrections)
            {
                Corrections[key] = Corrections.GetValueOrDefault(key, Measures.Zero) + missing;
            }

            var month = (productId, Granularities.StartOf(Granularity.AgentMonth, day));
            Months.TryAdd(month, []);
            Months[month].UnionWith(spaceIds);
        }
    }
}
