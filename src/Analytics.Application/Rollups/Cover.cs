using System.Runtime.InteropServices;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>A stretch of whole periods of one granularity.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Piece(Grain Grain, Instant First, Instant Last);

/// <summary>
/// Which granularity serves which part of a range: coarse periods in the middle, finer ones at the edges. Where an edge takes more
/// than half of its day or month, the whole one is taken and the rest taken away again, because that is fewer rows: a year of
/// days of Asia/Kolkata needs the evenings of the days of UTC, and not also the rest of them.
/// </summary>
internal static class Cover
{
    /// <summary>No task is older.</summary>
    private static readonly Instant Beginning = new(0);

    /// <summary>No task is that far ahead: 9999-01-01.</summary>
    private static readonly Instant End = new(253_370_764_800_000);

    /// <summary>The pieces that make a range, each to be added or taken away.</summary>
    /// <param name="range">The range, on marks of a quarter of an hour.</param>
    /// <param name="grains">The grains to make it of, finest first.</param>
    public static IEnumerable<(Piece Piece, int Sign)> Of(TimeRange range, IReadOnlyList<Grain> grains)
    {
        var from = range.From is { } first && first > Beginning ? first : Beginning;
        var to = range.To is { } last && last < End ? last : End;
        return Of(from, to, grains, grains.Count - 1, 1);
    }

    private static IEnumerable<(Piece Piece, int Sign)> Of(Instant from, Instant to, IReadOnlyList<Grain> grains, int level, int sign)
    {
        if (from >= to)
        {
            return [];
        }

        var granularity = grains[level];
        if (level == 0)
        {
            return [(new Piece(granularity, from, to), sign)];
        }

        var (before, first) = (Grains.StartOf(granularity, from), EndOfWhole(granularity, from));
        var (last, after) = (Grains.StartOf(granularity, to), EndOfWhole(granularity, to));
        if (first > last)
        {
            return IsMostOf(granularity, from, to, before, after)
                ? [(new Piece(granularity, before, after), sign), .. Of(before, from, grains, level - 1, -sign), .. Of(to, after, grains, level - 1, -sign)]
                : Of(from, to, grains, level - 1, sign);
        }

        var takesHead = IsMostOf(granularity, from, first, before, first);
        var takesTail = IsMostOf(granularity, last, to, last, after);
        var (start, end) = (takesHead ? before : first, takesTail ? after : last);
        return
        [
            .. start < end ? [(new Piece(granularity, start, end), sign)] : Array.Empty<(Piece, int)>(),
            .. takesHead ? Of(before, from, grains, level - 1, -sign) : Of(from, first, grains, level - 1, sign),
            .. takesTail ? Of(to, after, grains, level - 1, -sign) : Of(last, to, grains, level - 1, sign),
        ];
    }

    /// <summary>Where the first period begins that is not cut.</summary>
    private static Instant EndOfWhole(Grain granularity, Instant at) => Grains.StartOf(granularity, at) == at ? at : Grains.EndOf(granularity, at);

    /// <summary>Of an hour it is not worth it.</summary>
    private static bool IsMostOf(Grain granularity, Instant from, Instant to, Instant start, Instant end) =>
        granularity is not Grain.Hour && 2 * (to.UnixMilliseconds - from.UnixMilliseconds) > end.UnixMilliseconds - start.UnixMilliseconds;
}
