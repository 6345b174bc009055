using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain.Metrics;
using AutoMapper;
using Instant = Analytics.Domain.Instant;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Makes the answer of a plan and its numbers.</summary>
internal sealed class PlannedAnswer(Plan plan, IMapper mapper)
{
    public GetAnalyticsResponse Of(PlannedNumbers numbers, string product) => new()
    {
        CallAnalytics = mapper.Map<CallAnalytics>(numbers.Totals),
        CallStatus = mapper.Map<CallStatus>(numbers.Totals),
        Reconciliation = ReconciliationOf(numbers.Totals),
        Components = ComponentsOf(numbers.Totals),
        Comparison = plan.Comparison is { } comparison && numbers.Compared is var (earlier, current) ? ComparisonOf(comparison.Earlier, earlier, current) : null,
        Series = plan.Interval is null ? null : SeriesOf(numbers.Buckets),
        Groups = plan.GroupBy.Count == 0 ? null : GroupsOf(numbers.Groups),
        Meta = plan.Include.HasFlag(Blocks.Meta) ? MetaOf(numbers, product) : null,
    };

    private Reconciliation? ReconciliationOf(Measures measures) =>
        plan.Include.HasFlag(Blocks.Reconciliation) ? mapper.Map<Reconciliation>(measures) : null;

    private Components? ComponentsOf(Measures measures) =>
        plan.Include.HasFlag(Blocks.Components) ? mapper.Map<Components>(measures) : null;

    private EarlierWindow ComparisonOf(TimeRange window, Measures earlier, Measures current) => new()
    {
        Start = Local(window.From!.Value),
        End = Local(window.To!.Value),
        CallAnalytics = mapper.Map<CallAnalytics>(earlier),
        CallStatus = mapper.Map<CallStatus>(earlier),
        ChangePercent = new ChangePercent
        {
            CallAnalytics = new CallAnalyticsChange
            {
                TotalCalls = Ratio.ChangePercent(current.TotalCalls, earlier.TotalCalls),
                Interested = Ratio.ChangePercent(current.Interested, earlier.Interested),
                CallBack = Ratio.ChangePercent(current.CallBack, earlier.CallBack),
                SendDetails = Ratio.ChangePercent(current.SendDetails, earlier.SendDetails),
                NotInterested = Ratio.ChangePercent(current.NotInterested, earlier.NotInterested),
                NotConnected = Ratio.ChangePercent(current.NotConnected, earlier.NotConnected),
                Failed = Ratio.ChangePercent(current.CallsFailed, earlier.CallsFailed),
                AvgSuccessScore = Ratio.ChangePercent(current.AverageSuccessScore, earlier.AverageSuccessScore),
            },
            CallStatus = new CallStatusChange
            {
                TotalTasks = Ratio.ChangePercent(current.TotalTasks, earlier.TotalTasks),
                Completed = Ratio.ChangePercent(current.Completed, earlier.Completed),
                Failed = Ratio.ChangePercent(current.TasksFailed, earlier.TasksFailed),
                Pending = Ratio.ChangePercent(current.Pending, earlier.Pending),
                InProgress = Ratio.ChangePercent(current.InProgress, earlier.InProgress),
                SuccessRate = Ratio.ChangePercent(current.SuccessRate, earlier.SuccessRate),
            },
        },
    };

    private List<SeriesRow> SeriesOf(IReadOnlyList<Measures> buckets) =>
    [
        .. from bucket in plan.Buckets.Zip(buckets, (bucket, measures) => (Of: bucket, Measures: measures))
           where !plan.LeavesOutEmptyBuckets || bucket.Measures != Measures.Zero
           select new SeriesRow
           {
               Start = Local(bucket.Of.From),
               End = Local(bucket.Of.To),
               Hours = bucket.Of.Hours,
               Complete = bucket.Of.IsComplete,
               CallAnalytics = mapper.Map<CallAnalytics>(bucket.Measures),
               CallStatus = mapper.Map<CallStatus>(bucket.Measures),
               Reconciliation = ReconciliationOf(bucket.Measures),
               Components = ComponentsOf(bucket.Measures),
           },
    ];

    private List<GroupRow> GroupsOf(IEnumerable<Group> groups)
    {
        var inOrder = groups
            .Where(group => group.Measures != Measures.Zero)
            .OrderByDescending(group => group.Measures.TotalCalls)
            .ThenByDescending(group => group.Measures.TotalTasks)
            .ThenBy(group => group.Space?.Token, StringComparer.Ordinal)
            .ThenBy(group => group.Agent, StringComparer.Ordinal)
            .ThenBy(group => group.Direction, StringComparer.Ordinal)
            .ToList();
        var cut = inOrder.Skip(plan.Limit).Select(group => group.Measures).ToList();
        return
        [
            .. inOrder.Take(plan.Limit).Select(GroupOf),
            .. cut.Count == 0 ? Array.Empty<GroupRow>() : [GroupOf(new Group(Space: null, Agent: null, Direction: null, cut.Aggregate((sum, measures) => sum + measures))) with { Other = true }],
        ];
    }

    private GroupRow GroupOf(Group group) => new()
    {
        SpaceToken = group.Space?.Token,
        SpaceName = group.Space?.Name,
        Agent = group.Agent,
        Direction = group.Direction,
        CallAnalytics = mapper.Map<CallAnalytics>(group.Measures),
        CallStatus = mapper.Map<CallStatus>(group.Measures),
        Reconciliation = ReconciliationOf(group.Measures),
        Components = ComponentsOf(group.Measures),
    };

    private Meta MetaOf(PlannedNumbers numbers, string product) => new()
    {
        Start = plan.Window.From is { } from ? Local(from) : null,
        End = plan.Window.To is { } to ? Local(to) : null,
        Timezone = plan.Zone.Id,
        Interval = plan.Interval is { } interval ? Planner.NameOf(interval) : null,
        Product = product,
        DataThrough = numbers.ChangedAt.ToString(),
        MetricVersion = MetricDefinitions.Version,
        Ignored = plan.Ignored,
    };

    private DateTimeOffset Local(Instant instant) => plan.Zone.Shown(instant);
}
