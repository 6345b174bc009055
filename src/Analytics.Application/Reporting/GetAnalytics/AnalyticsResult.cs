using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using Dapper;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The numbers that a plan asks for, as one version of the organisation has them.</summary>
internal sealed record AnalyticsResult
{
    /// <summary>The version.</summary>
    public required OrganisationVersion Version { get; init; }

    /// <summary>When the organisation changed last.</summary>
    public required Timestamp ChangedAt { get; init; }

    /// <summary>The numbers of the window.</summary>
    public required Measures Totals { get; init; }

    /// <summary>The numbers of each bucket.</summary>
    public required IReadOnlyList<Measures> Buckets { get; init; }

    /// <summary>The numbers that are compared; both absent where nothing is.</summary>
    public required (Measures Earlier, Measures Current)? ComparisonMeasures { get; init; }

    /// <summary>The numbers of each group.</summary>
    public required IReadOnlyList<Group> Groups { get; init; }
}

/// <summary>One group; what is not one of its dimensions is absent.</summary>
internal sealed record Group(IncludedSpace? Space, string? Agent, string? Direction, Measures Measures);

/// <summary>A space that counts, with all that it has.</summary>
internal sealed record IncludedSpace(long Id, string Token, string Name, Measures Totals);

/// <summary>Reads planned numbers: the spaces that count, then their periods, by two statements at most and a third that sees whether anything moved.</summary>
internal sealed class AnalyticsReader(IRollupReader rollupReader, ConsistentReader consistentReader, CurrentOrganisation organisation)
{
    public Task<AnalyticsResult> ReadAsync(AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken) =>
        consistentReader.ReadAsync(connection => TryReadAsync(connection, plan, productId, cancellationToken), cancellationToken);

    /// <summary>Nothing where a write came between the statements: what is added up together must be of one version.</summary>
    public async Task<AnalyticsResult?> TryReadAsync(DbConnection connection, AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken)
    {
        var (version, spaces) = await ReadSpacesAsync(connection, plan, productId, cancellationToken);
        var context = new ReadContext(plan, new RangeAggregator(rollupReader, connection, organisation.Id, productId, plan.Filter), spaces);
        if (context.NeedsRollups && version.RollupsAreCurrent == 0)
        {
            throw new RollupsNotReadyException();
        }

        var (totals, buckets, comparisonMeasures) = await SumAsync(plan, context, cancellationToken);
        var result = new AnalyticsResult
        {
            Version = new OrganisationVersion(version.Revision, version.Stamp),
            ChangedAt = new Timestamp(version.ChangedAt),
            Totals = totals,
            Buckets = buckets,
            ComparisonMeasures = comparisonMeasures,
            Groups = plan.GroupBy.Count == 0 ? [] : await GroupAsync(plan, context, cancellationToken),
        };
        return await OrganisationVersionStore.ReadAsync(connection, organisation.Id, cancellationToken) == result.Version ? result : null;
    }

    private async Task<(VersionedSpaceRow State, IReadOnlyList<IncludedSpace> Spaces)> ReadSpacesAsync(DbConnection connection, AnalyticsQueryPlan plan, string productId, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            GetAnalyticsSql.SelectSpaces,
            new { OrganisationId = organisation.Id, SpaceToken = plan.Filter.SpaceToken ?? "", ProductId = productId, ContentTypes.Contact, StatusNames.Active },
            cancellationToken: cancellationToken);
        var rows = (await connection.QueryAsync<VersionedSpaceRow, Measures, (VersionedSpaceRow State, Measures Totals)>(
            command, (space, totals) => (space, totals), splitOn: nameof(Measures.Interested))).ToList();
        List<IncludedSpace> spaces = [.. rows.Where(row => row.State.SpaceId is not null).Select(row => new IncludedSpace(row.State.SpaceId!.Value, row.State.SpaceToken, row.State.SpaceName, row.Totals))];
        return rows switch
        {
            [] => throw new OrganisationNotFoundException(),
            _ when spaces.Count == 0 && plan.Filter.SpaceToken is not null => throw new SpaceNotFoundException(),
            _ => (rows[0].State, spaces),
        };
    }

    /// <summary>All ranges by one statement. The window of a series is the sum of its buckets.</summary>
    private static async Task<(Measures Totals, IReadOnlyList<Measures> Buckets, (Measures, Measures)? Compared)> SumAsync(AnalyticsQueryPlan plan, ReadContext context, CancellationToken cancellationToken)
    {
        if (context.UsesTotals)
        {
            return (context.Spaces.Aggregate(Measures.Zero, (sum, space) => sum + space.Totals), [], null);
        }

        var isSeries = plan.Interval is not null;
        List<TimeRange> ranges =
        [
            .. isSeries ? plan.Buckets.Select(bucket => new TimeRange(bucket.From, bucket.To)) : [plan.Window],
            .. plan.Comparison is { } comparison ? [comparison.Earlier, comparison.Current] : Array.Empty<TimeRange>(),
        ];
        var sums = await context.Aggregator.SumAsync(context.CombinedSpaceIds, ranges, context.RollupGrains, cancellationToken);
        var requested = sums.Take(ranges.Count - (plan.Comparison is null ? 0 : 2)).ToList();
        return (
            requested.Aggregate(Measures.Zero, (sum, measures) => sum + measures),
            isSeries ? requested : [],
            plan.Comparison is null ? null : (sums[^2], sums[^1]));
    }

    private static async Task<IReadOnlyList<Group>> GroupAsync(AnalyticsQueryPlan plan, ReadContext context, CancellationToken cancellationToken)
    {
        var (bySpace, byAgent, byDirection) = (plan.GroupBy.Contains(Dimension.Space), plan.GroupBy.Contains(Dimension.Agent), plan.GroupBy.Contains(Dimension.Direction));
        if (context.UsesTotals && !byAgent && !byDirection)
        {
            return [.. context.Spaces.Select(space => new Group(space, Agent: null, Direction: null, space.Totals))];
        }

        var spaces = context.Spaces.ToDictionary(space => space.Id);
        var finestGroups = await context.Aggregator.GroupAsync(
            spaces.Keys, plan.Window, byAgent || byDirection || context.IsFiltered ? Granularities.PerAgent : Granularities.Combined, byAgent || byDirection, cancellationToken);
        return
        [
            .. from part in finestGroups
               group part.Value by (
                   Space: bySpace ? spaces[part.Key.SpaceId] : null,
                   Agent: byAgent ? part.Key.Agent : null,
                   Direction: byDirection ? part.Key.Direction : null) into parts
               select new Group(parts.Key.Space, parts.Key.Agent, parts.Key.Direction, parts.Aggregate(Measures.Zero, (sum, part) => sum + part)),
        ];
    }

    /// <summary>Where a plan's numbers come from.</summary>
    private sealed record ReadContext(AnalyticsQueryPlan Plan, RangeAggregator Aggregator, IReadOnlyList<IncludedSpace> Spaces)
    {
        public bool IsFiltered => Plan.Filter.Agents is not null || Plan.Filter.Direction is not null;

        /// <summary>Whether the totals of the spaces answer, whatever the time of their tasks.</summary>
        public bool UsesTotals => !IsFiltered && Plan.Window == TimeRange.All;

        public bool NeedsRollups => !UsesTotals || Plan.GroupBy.Any(dimension => dimension is not Dimension.Space);

        public IReadOnlyList<Granularity> RollupGrains => IsFiltered ? Granularities.PerAgent : Granularities.Combined;

        /// <summary>One row for all spaces together is kept only of all agents together.</summary>
        public IReadOnlyCollection<long> CombinedSpaceIds =>
            IsFiltered || Plan.Filter.SpaceToken is not null ? [.. Spaces.Select(space => space.Id)] : [RollupKey.AllSpaces];
    }

    private sealed record VersionedSpaceRow
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long ChangedAt { get; init; }

        public long RollupsAreCurrent { get; init; }

        public long? SpaceId { get; init; }

        public string SpaceToken { get; init; } = "";

        public string SpaceName { get; init; } = "";
    }
}
