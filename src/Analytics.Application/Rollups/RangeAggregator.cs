using System.Data.Common;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>Adds up ranges of time, many by one statement: each period is read once, however many ranges it is in.</summary>
internal sealed class RangeAggregator(IRollupReader reader, DbConnection connection, long organisationId, string productId, TaskFilter filter)
{
    /// <summary>What is counted in each range, in all of these spaces together.</summary>
    public async Task<IReadOnlyList<Measures>> SumAsync(
        IReadOnlyCollection<long> spaceIds, IReadOnlyCollection<TimeRange> ranges, IReadOnlyList<Granularity> granularities, CancellationToken cancellationToken)
    {
        var decompositions = ranges.Select(range => RangeDecomposition.Decompose(range, granularities).ToList()).ToList();
        var sums = new Dictionary<RollupSegment, Measures>();
        foreach (var part in await ReadAsync(spaceIds, decompositions, byAgent: false, cancellationToken))
        {
            sums[part.Segment] = sums.TryGetValue(part.Segment, out var sum) ? sum + part.Measures : part.Measures;
        }

        return [.. decompositions.Select(decomposition => decomposition.Aggregate(Measures.Zero, (sum, part) => Add(sum, part.Sign, sums.GetValueOrDefault(part.Segment))))];
    }

    /// <summary>What is counted in a range, by space and, where it is asked for, by agent and direction.</summary>
    public async Task<IReadOnlyDictionary<GroupKey, Measures>> GroupAsync(
        IReadOnlyCollection<long> spaceIds, TimeRange range, IReadOnlyList<Granularity> granularities, bool byAgent, CancellationToken cancellationToken)
    {
        var decomposition = RangeDecomposition.Decompose(range, granularities).ToList();
        var signs = decomposition.ToDictionary(part => part.Segment, part => part.Sign);
        var groups = new Dictionary<GroupKey, Measures>();
        foreach (var part in await ReadAsync(spaceIds, [decomposition], byAgent, cancellationToken))
        {
            var key = new GroupKey(part.SpaceId, part.Agent, part.Direction);
            groups[key] = Add(groups.GetValueOrDefault(key, Measures.Zero), signs[part.Segment], part.Measures);
        }

        return groups;
    }

    private static Measures Add(Measures sum, int sign, Measures? added) =>
        added is null ? sum : sign > 0 ? sum + added : sum - added;

    private async Task<IEnumerable<SegmentSum>> ReadAsync(
        IReadOnlyCollection<long> spaceIds, IEnumerable<IEnumerable<(RollupSegment Segment, int Sign)>> decompositions, bool byAgent, CancellationToken cancellationToken)
    {
        var mergedRanges = MergeAdjacent(decompositions.SelectMany(decomposition => decomposition.Select(part => part.Segment)).Distinct());
        List<RollupRange> ranges = [.. spaceIds.SelectMany(spaceId => mergedRanges.Select(merged => merged with { SpaceId = spaceId }))];
        if (ranges.Count == 0)
        {
            return [];
        }

        var query = new RollupQuery { OrganisationId = organisationId, ProductId = productId, Ranges = ranges, Filter = filter, ByAgent = byAgent };
        return from sum in await reader.SumAsync(connection, query, cancellationToken)
               let range = ranges[sum.RangeIndex]
               let start = new Timestamp(range.Start.UnixMilliseconds + (sum.BucketIndex * range.BucketWidth))
               select new SegmentSum(range.SpaceId, new RollupSegment(range.Granularity, start, new Timestamp(start.UnixMilliseconds + range.BucketWidth)), sum.Agent, sum.Direction, sum.Measures);
    }

    /// <summary>Segments of one length that follow each other are one run: the days of a year are read as one stretch.</summary>
    private static List<RollupRange> MergeAdjacent(IEnumerable<RollupSegment> segments)
    {
        var ranges = new List<RollupRange>();
        foreach (var (granularity, start, end) in segments.OrderBy(segment => segment.Granularity).ThenBy(Length).ThenBy(segment => segment.Start))
        {
            var length = end.UnixMilliseconds - start.UnixMilliseconds;
            if (ranges is [.., { } previous] && previous.Granularity == granularity && previous.BucketWidth == length && previous.End == start)
            {
                ranges[^1] = previous with { End = end };
            }
            else
            {
                ranges.Add(new RollupRange(RollupKey.AllSpaces, granularity, start, end, length));
            }
        }

        return ranges;
    }

    private static long Length(RollupSegment segment) => segment.End.UnixMilliseconds - segment.Start.UnixMilliseconds;

    private sealed record SegmentSum(long SpaceId, RollupSegment Segment, string Agent, string Direction, Measures Measures);
}

/// <summary>What makes a group, finest; <c>''</c> where agents and directions are together.</summary>
internal sealed record GroupKey(long SpaceId, string Agent, string Direction);
