using System.Runtime.InteropServices;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>A stretch of whole periods of one granularity.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RollupSegment(Granularity Granularity, Timestamp Start, Timestamp End);

/// <summary>
/// Which granularity serves which part of a range: coarse periods in the middle, finer ones at the edges. Where an edge takes more
/// than half of its day or month, the whole one is taken and the rest taken away again, because that is fewer rows: a year of
/// days of Asia/Kolkata needs the evenings of the days of UTC, and not also the rest of them.
/// </summary>
internal static class RangeDecomposition
{
    /// <summary>No task is older.</summary>
    private static readonly Timestamp MinInstant = new(0);

    /// <summary>No task is that far ahead: 9999-01-01.</summary>
    private static readonly Timestamp MaxInstant = new(253_370_764_800_000);

    /// <summary>The pieces that make a range, each to be added or taken away.</summary>
    /// <param name="range">The range, on marks of a quarter of an hour.</param>
    /// <param name="granularities">The grains to make it of, finest first.</param>
    public static IEnumerable<(RollupSegment Segment, int Sign)> Decompose(TimeRange range, IReadOnlyList<Granularity> granularities)
    {
        var from = range.From is { } first && first > MinInstant ? first : MinInstant;
        var to = range.To is { } last && last < MaxInstant ? last : MaxInstant;
        return Decompose(from, to, granularities, granularities.Count - 1, 1);
    }

    private static IEnumerable<(RollupSegment Segment, int Sign)> Decompose(Timestamp from, Timestamp to, IReadOnlyList<Granularity> granularities, int level, int sign)
    {
        if (from >= to)
        {
            return [];
        }

        var granularity = granularities[level];
        if (level == 0)
        {
            return [(new RollupSegment(granularity, from, to), sign)];
        }

        var (before, first) = (Granularities.StartOf(granularity, from), CeilingOf(granularity, from));
        var (last, after) = (Granularities.StartOf(granularity, to), CeilingOf(granularity, to));
        if (first > last)
        {
            return CoversMajority(granularity, from, to, before, after)
                ? [(new RollupSegment(granularity, before, after), sign), .. Decompose(before, from, granularities, level - 1, -sign), .. Decompose(to, after, granularities, level - 1, -sign)]
                : Decompose(from, to, granularities, level - 1, sign);
        }

        var takesHead = CoversMajority(granularity, from, first, before, first);
        var takesTail = CoversMajority(granularity, last, to, last, after);
        var (start, end) = (takesHead ? before : first, takesTail ? after : last);
        return
        [
            .. start < end ? [(new RollupSegment(granularity, start, end), sign)] : Array.Empty<(RollupSegment, int)>(),
            .. takesHead ? Decompose(before, from, granularities, level - 1, -sign) : Decompose(from, first, granularities, level - 1, sign),
            .. takesTail ? Decompose(to, after, granularities, level - 1, -sign) : Decompose(last, to, granularities, level - 1, sign),
        ];
    }

    /// <summary>Where the first period begins that is not cut.</summary>
    private static Timestamp CeilingOf(Granularity granularity, Timestamp at) => Granularities.StartOf(granularity, at) == at ? at : Granularities.EndOf(granularity, at);

    /// <summary>Of an hour it is not worth it.</summary>
    private static bool CoversMajority(Granularity granularity, Timestamp from, Timestamp to, Timestamp start, Timestamp end) =>
        granularity is not Granularity.Hour && 2 * (to.UnixMilliseconds - from.UnixMilliseconds) > end.UnixMilliseconds - start.UnixMilliseconds;
}
