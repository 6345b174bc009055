using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Reads the groups of a plan in the order of the response, one more than its limit if there are more.</summary>
internal sealed class GroupReader(AnalyticsQueryPlan plan, RangeAggregator aggregator, IReadOnlyList<IncludedSpace> spaces)
{
    private const int DaysOfWeek = 7;
    private const int HoursOfDay = 24;

    private readonly ComparedWindows _windows = new(plan.Window, plan.Comparison?.Current, plan.Comparison?.Earlier);

    public Task<IReadOnlyList<Group>> ReadAsync(CancellationToken cancellationToken) => plan.GroupBy.Any(Dimensions.IsLocalTime)
        ? ReadLocalTimesAsync(cancellationToken)
        : ReadLargestAsync(cancellationToken);

    private async Task<IReadOnlyList<Group>> ReadLargestAsync(CancellationToken cancellationToken)
    {
        var byLabel = plan.GroupBy.Contains(Dimension.Label);
        var byRun = plan.GroupBy.Contains(Dimension.Run);
        var grouping = new Grouping(
            BySpace: plan.GroupBy.Contains(Dimension.Space),
            ByMember: byRun || byLabel,
            ByAgent: plan.GroupBy.Contains(Dimension.Agent),
            ByDirection: plan.GroupBy.Contains(Dimension.Direction),
            Limit: plan.Limit + 1,
            IsCompared: plan.Comparison is not null,
            Extra: []);
        var granularities = byLabel ? Granularities.PerLabel
            : byRun || plan.Filter.RunId is not null ? Granularities.PerRun
            : grouping.ByAgent || grouping.ByDirection ? Granularities.PerAgent
            : plan.Filter.Granularities;
        var sums = (await aggregator.GroupAsync(_windows, granularities, grouping, cancellationToken))
            .Where(sum => sum.Window != Measures.Zero)
            .ToList();
        var spellings = byLabel && sums.Count > 0
            ? await aggregator.ReadSpellingsAsync([.. sums.Select(sum => sum.Member).Distinct()], cancellationToken)
            : null;
        var spacesById = spaces.ToDictionary(space => space.Id);
        return
        [
            .. sums.Select(sum => new Group(sum.Window)
            {
                Space = grouping.BySpace ? spacesById[sum.SpaceId] : null,
                Agent = grouping.ByAgent ? sum.Agent : null,
                Direction = grouping.ByDirection ? sum.Direction : null,
                RunId = byRun ? sum.Member : null,
                Label = spellings?[sum.Member],
                ComparisonMeasures = grouping.IsCompared ? (sum.Earlier, sum.Current) : null,
            }),
        ];
    }

    // Every local day and hour has a group, however many a limit allows.
    private async Task<IReadOnlyList<Group>> ReadLocalTimesAsync(CancellationToken cancellationToken)
    {
        var byDay = plan.GroupBy.Contains(Dimension.DayOfWeek);
        var byHour = plan.GroupBy.Contains(Dimension.HourOfDay);
        var window = await SumLocalTimesAsync(_windows.Window, byDay, byHour, cancellationToken);
        var current = _windows.Current == _windows.Window
            ? window
            : await SumLocalTimesAsync(_windows.Current, byDay, byHour, cancellationToken);
        var earlier = await SumLocalTimesAsync(_windows.Earlier, byDay, byHour, cancellationToken);
        return
        [
            .. from day in byDay ? Enumerable.Range(1, DaysOfWeek) : [0]
               from hour in byHour ? Enumerable.Range(0, HoursOfDay) : [0]
               let cell = (day, hour)
               select new Group(window.GetValueOrDefault(cell, Measures.Zero))
               {
                   DayOfWeek = byDay ? day : null,
                   HourOfDay = byHour ? hour : null,
                   ComparisonMeasures = plan.Comparison is null
                       ? null
                       : (earlier.GetValueOrDefault(cell, Measures.Zero), current.GetValueOrDefault(cell, Measures.Zero)),
               },
        ];
    }

    // A quarter hour belongs to what the local clock shows: an hour that is repeated adds up.
    private async Task<IReadOnlyDictionary<(int Day, int Hour), Measures>> SumLocalTimesAsync(
        TimeRange? range, bool byDay, bool byHour, CancellationToken cancellationToken)
    {
        var cells = new Dictionary<(int Day, int Hour), Measures>();
        if (range is not { From: { } from, To: { } to })
        {
            return cells;
        }

        foreach (var (start, measures) in await aggregator.SumQuarterHoursAsync(from, to, cancellationToken))
        {
            var local = plan.Zone.At(start);
            var cell = (byDay ? (int)local.DayOfWeek : 0, byHour ? local.Hour : 0);
            cells[cell] = cells.GetValueOrDefault(cell, Measures.Zero) + measures;
        }

        return cells;
    }
}
