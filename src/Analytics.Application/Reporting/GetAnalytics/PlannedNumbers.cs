using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using Dapper;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The numbers that a plan asks for, as one version of the organisation has them.</summary>
internal sealed record PlannedNumbers
{
    /// <summary>The version.</summary>
    public required OrganisationVersion Version { get; init; }

    /// <summary>When the organisation changed last.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>The numbers of the window.</summary>
    public required Measures Totals { get; init; }

    /// <summary>The numbers of each bucket.</summary>
    public required IReadOnlyList<Measures> Buckets { get; init; }

    /// <summary>The numbers that are compared; both absent where nothing is.</summary>
    public required (Measures Earlier, Measures Current)? Compared { get; init; }

    /// <summary>The numbers of each group.</summary>
    public required IReadOnlyList<Group> Groups { get; init; }
}

/// <summary>One group; what is not one of its dimensions is absent.</summary>
internal sealed record Group(CountingSpace? Space, string? Agent, string? Direction, Measures Measures);

/// <summary>A space that counts, with all that it has.</summary>
internal sealed record CountingSpace(long Id, string Token, string Name, Measures Totals);

/// <summary>Reads planned numbers: the spaces that count, then their periods, by two statements at most and a third that sees whether anything moved.</summary>
internal sealed class ReadPlannedNumbers(IPeriodReader reader, OneVersion oneVersion, CurrentOrganisation organisation)
{
    public Task<PlannedNumbers> ReadAsync(Plan plan, string productId, CancellationToken cancellationToken) =>
        oneVersion.ReadAsync(connection => ReadOnceAsync(connection, plan, productId, cancellationToken), cancellationToken);

    /// <summary>Nothing where a write came between the statements: what is added up together must be of one version.</summary>
    public async Task<PlannedNumbers?> ReadOnceAsync(DbConnection connection, Plan plan, string productId, CancellationToken cancellationToken)
    {
        var (state, spaces) = await ReadSpacesAsync(connection, plan, productId, cancellationToken);
        var source = new Source(plan, new RangeSums(reader, connection, organisation.Id, productId, plan.Filter), spaces);
        if (source.NeedsPeriods && state.PeriodsAreKept == 0)
        {
            throw new RollupsNotReadyException();
        }

        var (totals, buckets, compared) = await SumAsync(plan, source, cancellationToken);
        var numbers = new PlannedNumbers
        {
            Version = new OrganisationVersion(state.Revision, state.Stamp),
            ChangedAt = new Instant(state.ChangedAt),
            Totals = totals,
            Buckets = buckets,
            Compared = compared,
            Groups = plan.GroupBy.Count == 0 ? [] : await GroupAsync(plan, source, cancellationToken),
        };
        return await OrganisationVersionStore.ReadAsync(connection, organisation.Id, cancellationToken) == numbers.Version ? numbers : null;
    }

    private async Task<(State State, IReadOnlyList<CountingSpace> Spaces)> ReadSpacesAsync(DbConnection connection, Plan plan, string productId, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            GetAnalyticsSql.Spaces,
            new { OrganisationId = organisation.Id, SpaceToken = plan.Filter.SpaceToken ?? "", ProductId = productId, Words.Contact, Words.Active },
            cancellationToken: cancellationToken);
        var rows = (await connection.QueryAsync<State, Measures, (State State, Measures Totals)>(
            command, (state, totals) => (state, totals), splitOn: nameof(Measures.Interested))).ToList();
        List<CountingSpace> spaces = [.. rows.Where(row => row.State.SpaceId is not null).Select(row => new CountingSpace(row.State.SpaceId!.Value, row.State.SpaceToken, row.State.SpaceName, row.Totals))];
        return rows switch
        {
            [] => throw new OrganisationNotFoundException(),
            _ when spaces.Count == 0 && plan.Filter.SpaceToken is not null => throw new SpaceNotFoundException(),
            _ => (rows[0].State, spaces),
        };
    }

    /// <summary>All ranges by one statement. The window of a series is the sum of its buckets.</summary>
    private static async Task<(Measures Totals, IReadOnlyList<Measures> Buckets, (Measures, Measures)? Compared)> SumAsync(Plan plan, Source source, CancellationToken cancellationToken)
    {
        if (source.IsAllThereIs)
        {
            return (source.Spaces.Aggregate(Measures.Zero, (sum, space) => sum + space.Totals), [], null);
        }

        var isSeries = plan.Interval is not null;
        List<TimeRange> ranges =
        [
            .. isSeries ? plan.Buckets.Select(bucket => new TimeRange(bucket.From, bucket.To)) : [plan.Window],
            .. plan.Comparison is { } comparison ? [comparison.Earlier, comparison.Current] : Array.Empty<TimeRange>(),
        ];
        var sums = await source.Sums.SumAsync(source.SpacesTogether, ranges, source.GrainsTogether, cancellationToken);
        var asked = sums.Take(ranges.Count - (plan.Comparison is null ? 0 : 2)).ToList();
        return (
            asked.Aggregate(Measures.Zero, (sum, part) => sum + part),
            isSeries ? asked : [],
            plan.Comparison is null ? null : (sums[^2], sums[^1]));
    }

    private static async Task<IReadOnlyList<Group>> GroupAsync(Plan plan, Source source, CancellationToken cancellationToken)
    {
        var (bySpace, byAgent, byDirection) = (plan.GroupBy.Contains(Dimension.Space), plan.GroupBy.Contains(Dimension.Agent), plan.GroupBy.Contains(Dimension.Direction));
        if (source.IsAllThereIs && !byAgent && !byDirection)
        {
            return [.. source.Spaces.Select(space => new Group(space, Agent: null, Direction: null, space.Totals))];
        }

        var spaces = source.Spaces.ToDictionary(space => space.Id);
        var finest = await source.Sums.GroupAsync(
            spaces.Keys, plan.Window, byAgent || byDirection || source.IsFiltered ? Grains.OfAgents : Grains.OfAll, byAgent || byDirection, cancellationToken);
        return
        [
            .. from part in finest
               group part.Value by (
                   Space: bySpace ? spaces[part.Key.SpaceId] : null,
                   Agent: byAgent ? part.Key.Agent : null,
                   Direction: byDirection ? part.Key.Direction : null) into parts
               select new Group(parts.Key.Space, parts.Key.Agent, parts.Key.Direction, parts.Aggregate(Measures.Zero, (sum, part) => sum + part)),
        ];
    }

    /// <summary>Where a plan's numbers come from.</summary>
    private sealed record Source(Plan Plan, RangeSums Sums, IReadOnlyList<CountingSpace> Spaces)
    {
        public bool IsFiltered => Plan.Filter.Agents is not null || Plan.Filter.Direction is not null;

        /// <summary>Whether the totals of the spaces answer, whatever the time of their tasks.</summary>
        public bool IsAllThereIs => !IsFiltered && Plan.Window == TimeRange.All;

        public bool NeedsPeriods => !IsAllThereIs || Plan.GroupBy.Any(dimension => dimension is not Dimension.Space);

        public IReadOnlyList<Grain> GrainsTogether => IsFiltered ? Grains.OfAgents : Grains.OfAll;

        /// <summary>One row for all spaces together is kept only of all agents together.</summary>
        public IReadOnlyCollection<long> SpacesTogether =>
            IsFiltered || Plan.Filter.SpaceToken is not null ? [.. Spaces.Select(space => space.Id)] : [PeriodKey.EverySpace];
    }

    private sealed record State
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long ChangedAt { get; init; }

        public long PeriodsAreKept { get; init; }

        public long? SpaceId { get; init; }

        public string SpaceToken { get; init; } = "";

        public string SpaceName { get; init; } = "";
    }
}
