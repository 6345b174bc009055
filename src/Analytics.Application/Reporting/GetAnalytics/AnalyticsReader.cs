using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>
/// Reads the included spaces, then their rollups, and finally the version again to detect a concurrent change.
/// </summary>
internal sealed class AnalyticsReader(
    IRollupReader rollupReader, ConsistentReader consistentReader, CurrentOrganisation organisation, SqlDialect dialect)
{
    public Task<AnalyticsResult> ReadAsync(AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken) =>
        consistentReader.ReadAsync(connection => TryReadAsync(connection, plan, productId, cancellationToken), cancellationToken);

    /// <summary>
    /// Null if a write or a chunk of a rebuild committed between the statements, since all measures must belong to one state.
    /// </summary>
    public async Task<AnalyticsResult?> TryReadAsync(
        DbConnection connection, AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken)
    {
        var (version, spaces) = await ReadSpacesAsync(connection, plan, productId, cancellationToken);
        var aggregator = new RangeAggregator(
            rollupReader, connection, dialect, organisation.Id, productId, plan.Filter, spaces.Select(space => space.Id).ToHashSet(),
            new Timestamp(version.RollupsFrom));
        var context = new ReadContext(plan, aggregator, spaces);
        if (context.NeedsRollups && !context.AreContainedIn(new Timestamp(version.RollupsFrom)))
        {
            throw new RollupsNotReadyException();
        }

        var sums = await SumAsync(plan, context, cancellationToken);
        var groups = await ReadGroupsAsync(context, cancellationToken);
        var facts = plan.Include.HasFlag(IncludeOptions.Meta) ? await ReadFactsAsync(connection, productId, cancellationToken) : null;
        var command = new CommandDefinition(
            GetAnalyticsSql.SelectVersion, new { OrganisationId = organisation.Id }, cancellationToken: cancellationToken);
        var (revision, stamp, rollupsFrom) = await connection.QuerySingleOrDefaultAsync<(long, string, long)>(command);
        return new OrganisationVersion(revision, stamp) == version.Version && rollupsFrom == version.RollupsFrom
            ? new(
                version.Version, new Timestamp(version.ChangedAt), sums.Totals, sums.Buckets, sums.Comparison, sums.ComparisonBuckets,
                groups, facts)
            : null;
    }

    private async Task<(VersionedSpaceRow Version, IReadOnlyList<IncludedSpace> Spaces)> ReadSpacesAsync(
        DbConnection connection, AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            OrganisationId = organisation.Id,
            SpaceToken = plan.Filter.SpaceToken ?? "",
            ProductId = productId,
            ContentTypes.Contact,
            StatusNames.Active,
        };
        var command = new CommandDefinition(GetAnalyticsSql.SelectSpaces, parameters, cancellationToken: cancellationToken);
        var rows = (await connection.QueryAsync<VersionedSpaceRow, Measures, (VersionedSpaceRow Space, Measures Totals)>(
            command, (space, totals) => (space, totals), splitOn: nameof(Measures.Interested))).ToList();
        List<IncludedSpace> spaces =
        [
            .. from row in rows
               where row.Space.SpaceId is not null
               select new IncludedSpace(row.Space.SpaceId!.Value, row.Space.SpaceToken, row.Space.SpaceName, row.Totals),
        ];
        var first = rows.Count == 0 ? null : rows[0].Space with { Spaces = spaces.Count };
        return (VersionedRow.Require(first, plan.Filter.SpaceToken), spaces);
    }

    private async Task<OrganisationFacts?> ReadFactsAsync(
        DbConnection connection, string productId, CancellationToken cancellationToken)
    {
        var parameters = new { OrganisationId = organisation.Id, ProductId = productId, ContentTypes.Contact, StatusNames.Active };
        return await connection.QuerySingleOrDefaultAsync<OrganisationFacts>(
            new CommandDefinition(OrganisationFactsSql.Select(dialect), parameters, cancellationToken: cancellationToken));
    }

    // The totals of a series are the sum of its buckets.
    private static async Task<RangeSums> SumAsync(AnalyticsQueryPlan plan, ReadContext context, CancellationToken cancellationToken)
    {
        if (context.UsesTotals)
        {
            return new(context.Spaces.Aggregate(Measures.Zero, (sum, space) => sum + space.Totals), [], null, []);
        }

        var isSeries = plan.Interval is not null;
        List<TimeRange> requested = [.. isSeries ? ToRanges(plan.Buckets) : [plan.Window]];
        IEnumerable<TimeRange> compared = plan.Comparison is { } comparison
            ? [comparison.Earlier, comparison.Current, .. ToRanges(comparison.Buckets)]
            : [];
        var sums = await context.Aggregator.SumAsync([.. requested, .. compared], cancellationToken);
        var (requestedSums, comparedSums) = (sums.Take(requested.Count).ToList(), sums.Skip(requested.Count).ToList());
        return new(
            requestedSums.Aggregate(Measures.Zero, (sum, measures) => sum + measures),
            isSeries ? requestedSums : [],
            comparedSums is [var earlier, var current, ..] ? (earlier, current) : null,
            [.. comparedSums.Skip(2)]);
    }

    private static IEnumerable<TimeRange> ToRanges(IEnumerable<Bucket> buckets) =>
        buckets.Select(bucket => new TimeRange(bucket.From, bucket.To));

    private static async Task<IReadOnlyList<Group>> ReadGroupsAsync(
        ReadContext context, CancellationToken cancellationToken) => context.Plan.GroupBy switch
    {
        [] => [],
        [Dimension.Space] when context.UsesTotals =>
        [
            .. context.Spaces
                .Where(space => space.Totals != Measures.Zero)
                .OrderByDescending(space => space.Totals.TotalCalls)
                .ThenByDescending(space => space.Totals.TotalTasks)
                .ThenBy(space => space.Token, StringComparer.Ordinal)
                .Take(context.Plan.Limit + 1)
                .Select(space => new Group(space.Totals) { Space = space }),
        ],
        _ => await new GroupReader(context.Plan, context.Aggregator, context.Spaces).ReadAsync(cancellationToken),
    };

    private sealed record RangeSums(
        Measures Totals,
        IReadOnlyList<Measures> Buckets,
        (Measures Earlier, Measures Current)? Comparison,
        IReadOnlyList<Measures> ComparisonBuckets);

    private sealed record ReadContext(AnalyticsQueryPlan Plan, RangeAggregator Aggregator, IReadOnlyList<IncludedSpace> Spaces)
    {
        // The all-time totals of the spaces suffice.
        public bool UsesTotals =>
            Plan is { Filter: { Agents: null, Direction: null, RunId: null } } && Plan.Window == TimeRange.All;

        public bool NeedsRollups => !UsesTotals || Plan.GroupBy.Any(dimension => dimension is not Dimension.Space);

        // Rollups outside of the requested times may be read too, but only to subtract them from coarser ones.
        public bool AreContainedIn(Timestamp watermark) =>
            new[] { Plan.Window, Plan.Comparison?.WholeEarlier, Plan.Comparison?.Current }
                .OfType<TimeRange>()
                .All(range => RollupState.Contain(watermark, range));
    }

    private sealed record VersionedSpaceRow : VersionedRow
    {
        public long ChangedAt { get; init; }
        public long RollupsFrom { get; init; }
        public long? SpaceId { get; init; }
        public string SpaceToken { get; init; } = "";
        public string SpaceName { get; init; } = "";
    }
}
