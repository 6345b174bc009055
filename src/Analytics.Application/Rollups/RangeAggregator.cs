namespace Analytics.Application.Rollups;

/// <summary>Sums many time ranges. Each rollup is read once, even if several ranges include it.</summary>
internal sealed class RangeAggregator(
    IRollupReader reader, DbConnection connection, long organisationId, string productId, TaskFilter filter)
{
    /// <summary>One sum for each range, over all the spaces together.</summary>
    public async Task<IReadOnlyList<Measures>> SumAsync(
        IReadOnlyCollection<long> spaceIds,
        IReadOnlyCollection<TimeRange> ranges,
        IReadOnlyList<Granularity> granularities,
        CancellationToken cancellationToken)
    {
        var decompositions = ranges.Select(range => RangeDecomposition.Decompose(range, granularities).ToList()).ToList();
        var sums = new Dictionary<RollupSegment, Measures>();
        foreach (var sum in await ReadAsync(spaceIds, decompositions, byAgent: false, cancellationToken))
        {
            sums[sum.Segment] = sums.TryGetValue(sum.Segment, out var previous) ? previous + sum.Measures : sum.Measures;
        }

        return
        [
            .. decompositions.Select(decomposition => decomposition.Aggregate(
                Measures.Zero,
                (total, part) => sums.TryGetValue(part.Segment, out var sum) ? Add(total, part.Sign, sum) : total)),
        ];
    }

    /// <summary>Sums of one range by space and, if <paramref name="byAgent"/>, by agent and direction.</summary>
    public async Task<IReadOnlyDictionary<GroupKey, Measures>> GroupAsync(
        IReadOnlyCollection<long> spaceIds,
        TimeRange range,
        IReadOnlyList<Granularity> granularities,
        bool byAgent,
        CancellationToken cancellationToken)
    {
        var decomposition = RangeDecomposition.Decompose(range, granularities).ToList();
        var signs = decomposition.ToDictionary(part => part.Segment, part => part.Sign);
        var groups = new Dictionary<GroupKey, Measures>();
        foreach (var sum in await ReadAsync(spaceIds, [decomposition], byAgent, cancellationToken))
        {
            var key = new GroupKey(sum.SpaceId, sum.Agent, sum.Direction);
            groups[key] = Add(groups.GetValueOrDefault(key, Measures.Zero), signs[sum.Segment], sum.Measures);
        }

        return groups;
    }

    private static Measures Add(Measures total, int sign, Measures sum) => sign > 0 ? total + sum : total - sum;

    private async Task<IEnumerable<SegmentSum>> ReadAsync(
        IReadOnlyCollection<long> spaceIds,
        IEnumerable<IEnumerable<(RollupSegment Segment, int Sign)>> decompositions,
        bool byAgent,
        CancellationToken cancellationToken)
    {
        var mergedRanges = MergeAdjacent(decompositions.SelectMany(decomposition => decomposition).Select(part => part.Segment).Distinct());
        List<RollupRange> ranges = [.. spaceIds.SelectMany(spaceId => mergedRanges.Select(merged => merged with { SpaceId = spaceId }))];
        if (ranges.Count == 0)
        {
            return [];
        }

        var query = new RollupQuery(organisationId, productId, ranges, filter, byAgent);
        return from sum in await reader.SumAsync(connection, query, cancellationToken)
               let range = ranges[sum.RangeIndex]
               let start = range.Start.UnixMilliseconds + (sum.BucketIndex * range.BucketWidth)
               let segment = new RollupSegment(range.Granularity, new Timestamp(start), new Timestamp(start + range.BucketWidth))
               select new SegmentSum(range.SpaceId, segment, sum.Agent, sum.Direction, sum.Measures);
    }

    // Adjacent segments of one length become one range: the days of a year are read by one index range.
    private static List<RollupRange> MergeAdjacent(IEnumerable<RollupSegment> segments)
    {
        var ranges = new List<RollupRange>();
        foreach (var segment in segments.OrderBy(segment => segment.Granularity).ThenBy(Length).ThenBy(segment => segment.Start))
        {
            var (granularity, start, end) = segment;
            if (ranges is [.., { } previous]
                && previous.Granularity == granularity
                && previous.BucketWidth == Length(segment)
                && previous.End == start)
            {
                ranges[^1] = previous with { End = end };
            }
            else
            {
                ranges.Add(new RollupRange(RollupKey.AllSpaces, granularity, start, end, Length(segment)));
            }
        }

        return ranges;
    }

    private static long Length(RollupSegment segment) => segment.End.UnixMilliseconds - segment.Start.UnixMilliseconds;

    private sealed record SegmentSum(long SpaceId, RollupSegment Segment, string Agent, string Direction, Measures Measures);
}

/// <summary>The finest group of a report; agent and direction are <c>''</c> where they are combined.</summary>
internal sealed record GroupKey(long SpaceId, string Agent, string Direction);
