using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Sums many time ranges of the included spaces. Each rollup is read once, even if several ranges include it; all reads together
/// are limited.
/// </summary>
internal sealed class RangeAggregator(
    IRollupReader reader,
    DbConnection connection,
    SqlDialect dialect,
    long organisationId,
    string productId,
    TaskFilter filter,
    IReadOnlySet<long> spaceIds,
    Timestamp rollupsFrom)
{
    private readonly RowAllowance _rows = new();

    /// <summary>One sum for each range.</summary>
    public async Task<IReadOnlyList<Measures>> SumAsync(IReadOnlyCollection<TimeRange> ranges, CancellationToken cancellationToken)
    {
        var decompositions = ranges.Select(range => RangeDecomposition.Decompose(range, filter.Granularities).ToList()).ToList();
        var segments = decompositions.SelectMany(decomposition => decomposition).Select(part => part.Segment).Distinct();
        var sums = new Dictionary<RollupSegment, Measures>();
        foreach (var (segment, measures) in await ReadAsync(MergeAdjacent(segments), cancellationToken))
        {
            sums[segment] = sums.TryGetValue(segment, out var previous) ? previous + measures : measures;
        }

        return
        [
            .. decompositions.Select(decomposition => decomposition.Aggregate(
                Measures.Zero,
                (total, part) => sums.TryGetValue(part.Segment, out var sum) ? Add(total, part.Sign, sum) : total)),
        ];
    }

    /// <summary>The sums of all quarter hours of a range that have tasks.</summary>
    public async Task<IEnumerable<(Timestamp Start, Measures Measures)>> SumQuarterHoursAsync(
        Timestamp from, Timestamp to, CancellationToken cancellationToken)
    {
        var granularity = filter.Granularities[0];
        var range = new RollupRange(granularity, from, to, Granularities.EndOf(granularity, from).UnixMilliseconds - from.UnixMilliseconds);
        return from sum in await ReadAsync([range], cancellationToken)
               select (sum.Segment.Start, sum.Measures);
    }

    /// <summary>The largest groups of the window, and how often tasks count in the windows of a comparison.</summary>
    public async Task<IReadOnlyList<GroupSum>> GroupAsync(
        ComparedWindows windows, IReadOnlyList<Granularity> granularities, Grouping grouping, CancellationToken cancellationToken)
    {
        var isByLabel = granularities == Granularities.PerLabel;
        var segments = windows.Decompose(isByLabel ? [Granularity.QuarterHour, .. granularities] : granularities).ToList();
        var edges = segments.Where(segment => isByLabel && segment.Segment.Granularity == Granularity.QuarterHour).ToList();
        var query = CreateQuery(MergeAdjacent(segments.Except(edges)), sumsAllSpaces: !grouping.BySpace && filter.SpaceToken is null);
        var extra = await ReadLabelsAsync(edges, cancellationToken);
        return await reader.GroupAsync(connection, query, grouping with { Extra = extra }, cancellationToken);
    }

    /// <summary>For each normalised label, how the newest task that has it spells it.</summary>
    public Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
        IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
        reader.ReadSpellingsAsync(connection, organisationId, productId, labels, cancellationToken);

    private static Measures Add(Measures total, int sign, Measures sum) => sign > 0 ? total + sum : total - sum;

    private async Task<IEnumerable<(RollupSegment Segment, Measures Measures)>> ReadAsync(
        List<RollupRange> ranges, CancellationToken cancellationToken)
    {
        var query = CreateQuery(ranges, sumsAllSpaces: filter.SpaceToken is null);
        if (ranges.Count == 0)
        {
            return [];
        }

        return from sum in await reader.SumAsync(connection, query, cancellationToken)
               let range = ranges[sum.RangeIndex]
               let start = range.Start.UnixMilliseconds + (sum.BucketIndex * range.BucketWidth)
               select (
                   new RollupSegment(range.Granularity, new Timestamp(start), new Timestamp(start + range.BucketWidth)), sum.Measures);
    }

    private RollupQuery CreateQuery(IReadOnlyList<RollupRange> ranges, bool sumsAllSpaces)
    {
        var query = new RollupQuery
        {
            OrganisationId = organisationId,
            ProductId = productId,
            SpaceIds = spaceIds,
            SumsAllSpaces = sumsAllSpaces,
            Ranges = ranges,
            Filter = filter,
            Rows = _rows,
        };

        // A range without rollups costs a search in the index too.
        return query.IndexRanges.Count() <= _rows.Remaining ? query : throw new TooManyRowsException();
    }

    // The rollups of labels begin at whole hours. What a window has besides, at most half an hour at each end, is read from the tasks.
    private async Task<IReadOnlyList<ExtraRow>> ReadLabelsAsync(
        IEnumerable<(RollupSegment Segment, RangeSigns Signs)> edges, CancellationToken cancellationToken)
    {
        var rows = new List<ExtraRow>();
        var tasks = new TaskReader(connection, transaction: null, dialect, organisationId) { TimeoutSeconds = null };
        foreach (var (segment, signs) in edges)
        {
            var sums = new Dictionary<(long SpaceId, string Label), Measures>();
            await foreach (var row in tasks.ReadAsync(productId, segment.Start, segment.End).WithCancellation(cancellationToken))
            {
                _rows.Take(1);

                // A task that the rollups do not contain yet is not subtracted from them. Those that are added are all later.
                var task = row.ToTask().Content!;
                if (spaceIds.Contains(task.SpaceId) && task.CreatedAt >= rollupsFrom)
                {
                    var key = (task.SpaceId, task.LabelKey);
                    sums[key] = sums.GetValueOrDefault(key, Measures.Zero) + Measures.From(task);
                }
            }

            rows.AddRange(sums.Select(sum => new ExtraRow(sum.Key.SpaceId, sum.Key.Label, signs, sum.Value)));
        }

        return rows;
    }

    // Adjacent segments of one length become one range: the days of a year are read by one index range.
    private static List<RollupRange> MergeAdjacent(IEnumerable<RollupSegment> segments) =>
        Merge(
            segments
                .OrderBy(segment => segment.Granularity).ThenBy(segment => segment.Length).ThenBy(segment => segment.Start)
                .Select(segment => new RollupRange(segment.Granularity, segment.Start, segment.End, segment.Length)));

    // The buckets of groups do not matter.
    private static List<RollupRange> MergeAdjacent(IEnumerable<(RollupSegment Segment, RangeSigns Signs)> segments) =>
        Merge(
            segments
                .OrderBy(segment => segment.Segment.Granularity).ThenBy(segment => segment.Segment.Start)
                .Select(part =>
                    new RollupRange(part.Segment.Granularity, part.Segment.Start, part.Segment.End, BucketWidth: 1, part.Signs)));

    private static List<RollupRange> Merge(IEnumerable<RollupRange> ranges)
    {
        var merged = new List<RollupRange>();
        foreach (var range in ranges)
        {
            if (merged is [.., { } previous] && previous.End == range.Start
                && previous with { Start = range.Start, End = range.End } == range)
            {
                merged[^1] = previous with { End = range.End };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}

/// <summary>A window, and the two windows of a comparison, if any.</summary>
internal sealed record ComparedWindows(TimeRange Window, TimeRange? Current, TimeRange? Earlier)
{
    /// <summary>Each segment once, with the signs by which the windows include it.</summary>
    public IEnumerable<(RollupSegment Segment, RangeSigns Signs)> Decompose(IReadOnlyList<Granularity> granularities)
    {
        var signs = new Dictionary<RollupSegment, RangeSigns>();
        Add(Window, sign => new RangeSigns(sign, 0, 0));
        Add(Current, sign => new RangeSigns(0, sign, 0));
        Add(Earlier, sign => new RangeSigns(0, 0, sign));
        return from segment in signs
               where segment.Value != default
               select (segment.Key, segment.Value);

        void Add(TimeRange? range, Func<int, RangeSigns> toSigns)
        {
            foreach (var (segment, sign) in range is null ? [] : RangeDecomposition.Decompose(range, granularities))
            {
                signs[segment] = signs.GetValueOrDefault(segment) + toSigns(sign);
            }
        }
    }
}
