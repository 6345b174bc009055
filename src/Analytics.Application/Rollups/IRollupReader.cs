using System.Runtime.InteropServices;

namespace Analytics.Application.Rollups;

/// <summary>
/// Sums many ranges of rollups in as few statements as the engine allows; one implementation per database engine. The rollups that the
/// index is read for count against the query's allowance, whether they match the other filters or not.
/// </summary>
public interface IRollupReader
{
    /// <summary>Sums every bucket of every range. A bucket may be returned in several parts, or not at all if it has no rows.</summary>
    Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The largest groups: by calls, then tasks, then space token, agent, direction and member, by code points. Groups without tasks in
    /// the window come last, if at all.
    /// </summary>
    Task<IReadOnlyList<GroupSum>> GroupAsync(
        DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken);

    /// <summary>For each normalised label, how the newest task that has it spells it; itself if no task has it.</summary>
    Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
        DbConnection connection, long organisationId, string productId, IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken);

    /// <summary>
    /// Makes all statements of the connection read one snapshot until the result is disposed of. Null where the engine's snapshots
    /// are not enabled.
    /// </summary>
    Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);
}

/// <summary>Selects rollups. The space of <c>Filter</c> is in <c>SpaceIds</c>.</summary>
public sealed record RollupQuery
{
    public required long OrganisationId { get; init; }
    public required string ProductId { get; init; }
    public required IReadOnlyCollection<long> SpaceIds { get; init; }

    /// <summary>Whether the spaces are all counted ones and are summed: their sum is read where it is stored.</summary>
    public required bool SumsAllSpaces { get; init; }
    public required IReadOnlyList<RollupRange> Ranges { get; init; }
    public required TaskFilter Filter { get; init; }
    public required RowAllowance Rows { get; init; }

    public RollupIndex Index => Filter switch
    {
        { RunId.Length: > 0 } => RollupIndex.ByRun,
        { Agents: not null } => RollupIndex.ByAgent,
        { RunId: not null } => RollupIndex.ByRun,
        _ => RollupIndex.Key,
    };

    /// <summary>What the index is read for. The key begins with the space; the other indexes hold the rollups of all spaces.</summary>
    public IEnumerable<(int RangeIndex, long SpaceId)> IndexRanges => Index == RollupIndex.Key
        ? from range in Ranges.Index()
          from spaceId in SumsAllSpaces && Granularities.HasAllSpaces(range.Item.Granularity) ? [RollupKey.AllSpaces] : SpaceIds
          select (range.Index, spaceId)
        : Ranges.Index().Select(range => (range.Index, RollupKey.AllSpaces));
}

public enum RollupIndex
{
    Key,
    ByAgent,
    ByRun,
}

/// <summary>A range of rollups of one granularity. Each bucket of <c>BucketWidth</c> milliseconds is summed by itself.</summary>
/// <param name="Signs">How often a group includes the range.</param>
public sealed record RollupRange(Granularity Granularity, Timestamp Start, Timestamp End, long BucketWidth, RangeSigns Signs = default);

/// <summary>How often the window and those of a comparison include a range: 1, 0 or -1.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RangeSigns(long Window, long Current, long Earlier)
{
    public static RangeSigns operator +(RangeSigns left, RangeSigns right) =>
        new(left.Window + right.Window, left.Current + right.Current, left.Earlier + right.Earlier);
}

/// <param name="Extra">Measures to add to the groups that no rollup contains.</param>
/// <param name="IsCompared">Whether the current and the earlier window of a comparison are summed too.</param>
public sealed record Grouping(
    bool BySpace, bool ByMember, bool ByAgent, bool ByDirection, int Limit, bool IsCompared, IReadOnlyList<ExtraRow> Extra);

public sealed record ExtraRow(long SpaceId, string Member, RangeSigns Signs, Measures Measures);

/// <summary>The sum of one bucket, or a part of it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RollupSum(int RangeIndex, long BucketIndex, Measures Measures);

/// <summary>One group; zero or <c>''</c> for each dimension that is not grouped by. The last two are zero unless compared.</summary>
public sealed record GroupSum(
    long SpaceId, string Member, string Agent, string Direction, Measures Window, Measures Current, Measures Earlier);
