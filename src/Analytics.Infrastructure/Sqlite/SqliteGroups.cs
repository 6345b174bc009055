using System.Text;
using Analytics.Application.Rollups;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Adds up groups of rollups. SQLite would sort the wide rows of all rollups to do so.</summary>
internal sealed class SqliteGroups
{
    // UTF-8 orders by code point, as SQL does. Only groups with equal counts are compared.
    private static readonly Comparer<string> ByCodePoint = Comparer<string>.Create(
        (left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    private readonly Grouping _grouping;
    private readonly Dictionary<(long SpaceId, string Member, string Agent, string Direction), Sums> _groups = [];

    public SqliteGroups(Grouping grouping)
    {
        _grouping = grouping;
        foreach (var extra in grouping.Extra)
        {
            long[] measures = [.. extra.Measures.Columns.Select(column => column.Value)];
            SumsOf(extra.SpaceId, extra.Member, agent: "", direction: "").Add(measures, extra.Signs);
        }
    }

    public void Add(SqliteRollupRow row, RangeSigns signs)
    {
        Span<long> measures = stackalloc long[RollupRows.MeasureCount];
        row.CopyMeasures(measures);
        SumsOf(
            row.SpaceId,
            _grouping.ByMember ? row.Member : "",
            _grouping.ByAgent ? row.Agent : "",
            _grouping.ByDirection ? row.Direction : "").Add(measures, signs);
    }

    public IReadOnlyList<GroupSum> TakeLargest(IReadOnlyDictionary<long, string> tokens) =>
    [
        .. _groups
            .Select(group => new GroupSum(
                group.Key.SpaceId, group.Key.Member, group.Key.Agent, group.Key.Direction,
                ToMeasures(group.Value.Window), ToMeasures(group.Value.Current), ToMeasures(group.Value.Earlier)))
            .OrderByDescending(group => group.Window.TotalCalls)
            .ThenByDescending(group => group.Window.TotalTasks)
            .ThenBy(group => tokens.GetValueOrDefault(group.SpaceId, ""), ByCodePoint)
            .ThenBy(group => group.Agent, ByCodePoint)
            .ThenBy(group => group.Direction, ByCodePoint)
            .ThenBy(group => group.Member, ByCodePoint)
            .Take(_grouping.Limit),
    ];

    private static Measures ToMeasures(long[] sums) =>
        sums.Length == 0 ? Measures.Zero : Measures.FromColumns(sums, first: 0, static (row, column) => row[column]);

    private Sums SumsOf(long spaceId, string member, string agent, string direction)
    {
        var key = (_grouping.BySpace ? spaceId : 0, member, agent, direction);
        return _groups.TryGetValue(key, out var sums) ? sums : _groups[key] = new Sums(_grouping.IsCompared);
    }

    private sealed class Sums(bool isCompared)
    {
        public long[] Window { get; } = new long[RollupRows.MeasureCount];

        public long[] Current { get; } = isCompared ? new long[RollupRows.MeasureCount] : [];

        public long[] Earlier { get; } = isCompared ? new long[RollupRows.MeasureCount] : [];

        public void Add(ReadOnlySpan<long> measures, RangeSigns signs)
        {
            Add(Window, measures, signs.Window);
            Add(Current, measures, signs.Current);
            Add(Earlier, measures, signs.Earlier);
        }

        private static void Add(long[] sums, ReadOnlySpan<long> measures, long sign)
        {
            for (var measure = 0; measure < sums.Length; measure++)
            {
                sums[measure] += sign * measures[measure];
            }
        }
    }
}
