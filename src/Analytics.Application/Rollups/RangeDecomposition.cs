using System.Runtime.InteropServices;

namespace Analytics.Application.Rollups;

/// <summary>A segment of whole buckets of one granularity.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RollupSegment(Granularity Granularity, Timestamp Start, Timestamp End)
{
    public long Length => End.UnixMilliseconds - Start.UnixMilliseconds;
}

/// <summary>
/// Decomposes a range into segments: coarse buckets in the middle, finer ones at the ends. If an end covers more than half of its day
/// or month, the whole day or month is added and the remainder subtracted, because that reads fewer rows.
/// </summary>
internal static class RangeDecomposition
{
    // Times of tasks are validated to lie between 1970 and one day ahead of now; the second is 9999-01-01.
    private static readonly Timestamp MinTime = new(0);
    private static readonly Timestamp MaxTime = new(253_370_764_800_000);

    /// <summary>
    /// The segments whose sums, added or subtracted by their sign, make the sum of the range. The range is aligned to quarter hours,
    /// the granularities are finest first.
    /// </summary>
    public static IEnumerable<(RollupSegment Segment, int Sign)> Decompose(TimeRange range, IReadOnlyList<Granularity> granularities)
    {
        var from = range.From is { } first && first > MinTime ? first : MinTime;
        var to = range.To is { } last && last < MaxTime ? last : MaxTime;
        return Decompose(from, to, granularities, granularities.Count - 1, 1);
    }

    private static IEnumerable<(RollupSegment Segment, int Sign)> Decompose(
        Timestamp from, Timestamp to, IReadOnlyList<Granularity> granularities, int level, int sign)
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
                ? [
                    (new RollupSegment(granularity, before, after), sign),
                    .. DecomposeFiner(before, from, -sign),
                    .. DecomposeFiner(to, after, -sign),
                ]
                : DecomposeFiner(from, to, sign);
        }

        var extendsStart = CoversMajority(granularity, from, first, before, first);
        var extendsEnd = CoversMajority(granularity, last, to, last, after);
        var (start, end) = (extendsStart ? before : first, extendsEnd ? after : last);
        return
        [
            .. start < end ? [(new RollupSegment(granularity, start, end), sign)] : Array.Empty<(RollupSegment, int)>(),
            .. extendsStart ? DecomposeFiner(before, from, -sign) : DecomposeFiner(from, first, sign),
            .. extendsEnd ? DecomposeFiner(to, after, -sign) : DecomposeFiner(last, to, sign),
        ];

        IEnumerable<(RollupSegment Segment, int Sign)> DecomposeFiner(Timestamp finerFrom, Timestamp finerTo, int finerSign) =>
            Decompose(finerFrom, finerTo, granularities, level - 1, finerSign);
    }

    private static Timestamp CeilingOf(Granularity granularity, Timestamp at) =>
        Granularities.StartOf(granularity, at) == at ? at : Granularities.EndOf(granularity, at);

    // An hour has four quarter hours only: adding it and subtracting one does not read fewer rows.
    private static bool CoversMajority(Granularity granularity, Timestamp from, Timestamp to, Timestamp start, Timestamp end) =>
        granularity is not Granularity.Hour
        && 2 * (to.UnixMilliseconds - from.UnixMilliseconds) > end.UnixMilliseconds - start.UnixMilliseconds;
}
