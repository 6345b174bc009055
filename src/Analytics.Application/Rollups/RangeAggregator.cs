using System.Data.Common;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>Adds up ranges of time, many by one statement: each period is read once, however many ranges it is in.</summary>
internal sealed class RangeAggregator(IRollupReader reader, DbConnection connection, long organisationId, string productId, TaskFilter filter)
{
    /// <summary>What is counted in each range, in all of these spaces together.</summary>
    public async Task<IReadOnlyList<Measures>> SumAsync(
        IReadOnlyCollection<long> spaces, IReadOnlyCollection<TimeRange> ranges, IReadOnlyList<Granularity> grains, CancellationToken cancellationToken)
    {
        var covers = ranges.Select(range => RangeDecomposition.Decompose(range, grains).ToList()).ToList();
        var sums = new Dictionary<RollupSegment, Measures>();
        foreach (var part in await ReadAsync(spaces, covers, byAgent: false, cancellationToken))
        {
            sums[part.Piece] = sums.TryGetValue(part.Piece, out var sum) ? sum + part.Measures : part.Measures;
        }

        return [.. covers.Select(cover => cover.Aggregate(Measures.Zero, (sum, part) => Add(sum, part.Sign, sums.GetValueOrDefault(part.Piece))))];
    }

    /// <summary>What is counted in a range, by space and, where it is asked for, by agent and direction.</summary>
    public async Task<IReadOnlyDictionary<GroupKey, Measures>> GroupAsync(
        IReadOnlyCollection<long> spaces, TimeRange range, IReadOnlyList<Granularity> grains, bool byAgent, CancellationToken cancellationToken)
    {
        var cover = RangeDecomposition.Decompose(range, grains).ToList();
        var signs = cover.ToDictionary(part => part.Piece, part => part.Sign);
        var groups = new Dictionary<GroupKey, Measures>();
        foreach (var part in await ReadAsync(spaces, [cover], byAgent, cancellationToken))
        {
            var key = new GroupKey(part.SpaceId, part.Agent, part.Direction);
            groups[key] = Add(groups.GetValueOrDefault(key, Measures.Zero), signs[part.Piece], part.Measures);
        }

        return groups;
    }

    private static Measures Add(Measures sum, int sign, Measures? added) =>
        added is null ? sum : sign > 0 ? sum + added : sum - added;

    private async Task<IEnumerable<SegmentPart>> ReadAsync(
        IReadOnlyCollection<long> spaces, IEnumerable<IEnumerable<(RollupSegment Piece, int Sign)>> covers, bool byAgent, CancellationToken cancellationToken)
    {
        var stretches = MergeAdjacent(covers.SelectMany(cover => cover.Select(part => part.Piece)).Distinct());
        List<RollupRange> runs = [.. spaces.SelectMany(space => stretches.Select(stretch => stretch with { SpaceId = space }))];
        if (runs.Count == 0)
        {
            return [];
        }

        var question = new RollupQuery { OrganisationId = organisationId, ProductId = productId, Ranges = runs, Filter = filter, ByAgent = byAgent };
        return from sum in await reader.SumAsync(connection, question, cancellationToken)
               let run = runs[sum.RangeIndex]
               let first = new Timestamp(run.First.UnixMilliseconds + (sum.BucketIndex * run.BucketWidth))
               select new SegmentPart(run.SpaceId, new RollupSegment(run.Granularity, first, new Timestamp(first.UnixMilliseconds + run.BucketWidth)), sum.Agent, sum.Direction, sum.Measures);
    }

    /// <summary>Pieces of one length that follow each other are one run: the days of a year are read as one stretch.</summary>
    private static List<RollupRange> MergeAdjacent(IEnumerable<RollupSegment> pieces)
    {
        var stretches = new List<RollupRange>();
        foreach (var (granularity, first, last) in pieces.OrderBy(piece => piece.Granularity).ThenBy(Length).ThenBy(piece => piece.First))
        {
            var length = last.UnixMilliseconds - first.UnixMilliseconds;
            if (stretches is [.., { } previous] && previous.Granularity == granularity && previous.BucketWidth == length && previous.Last == first)
            {
                stretches[^1] = previous with { Last = last };
            }
            else
            {
                stretches.Add(new RollupRange(RollupKey.AllSpaces, granularity, first, last, length));
            }
        }

        return stretches;
    }

    private static long Length(RollupSegment piece) => piece.Last.UnixMilliseconds - piece.First.UnixMilliseconds;

    private sealed record SegmentPart(long SpaceId, RollupSegment Piece, string Agent, string Direction, Measures Measures);
}

/// <summary>What makes a group, finest; <c>''</c> where agents and directions are together.</summary>
internal sealed record GroupKey(long SpaceId, string Agent, string Direction);
