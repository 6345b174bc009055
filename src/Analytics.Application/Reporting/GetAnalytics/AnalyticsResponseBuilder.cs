using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using AutoMapper;

namespace Analytics.Application.Reporting.GetAnalytics;

internal sealed class AnalyticsResponseBuilder(AnalyticsQueryPlan plan, IMapper mapper)
{
    public GetAnalyticsResponse Build(AnalyticsResult result, string product) => new()
    {
        CallAnalytics = mapper.Map<CallAnalytics>(result.Totals),
        CallStatus = mapper.Map<CallStatus>(result.Totals),
        Reconciliation = MapReconciliation(result.Totals),
        Components = MapComponents(result.Totals),
        Comparison = plan.Comparison is { } comparison && result.ComparisonMeasures is var (earlier, current)
            ? BuildComparison(comparison.Earlier, earlier, current)
            : null,
        Series = plan.Interval is null ? null : BuildSeries(result.Buckets),
        Groups = plan.GroupBy.Count == 0 ? null : BuildGroups(result),
        Meta = plan.Include.HasFlag(IncludeOptions.Meta) ? BuildMeta(result, product) : null,
    };

    private Reconciliation? MapReconciliation(Measures measures) =>
        plan.Include.HasFlag(IncludeOptions.Reconciliation) ? mapper.Map<Reconciliation>(measures) : null;

    private Components? MapComponents(Measures measures) =>
        plan.Include.HasFlag(IncludeOptions.Components) ? mapper.Map<Components>(measures) : null;

    private ComparisonResult BuildComparison(TimeRange window, Measures earlier, Measures current) => new()
    {
        Start = ToLocal(window.From!.Value),
        End = ToLocal(window.To!.Value),
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
                AvgSuccessScore = Ratio.ChangePercent(
                    (current.ScoreSum, current.ScoredCalls), (earlier.ScoreSum, earlier.ScoredCalls)),
            },
            CallStatus = new CallStatusChange
            {
                TotalTasks = Ratio.ChangePercent(current.TotalTasks, earlier.TotalTasks),
                Completed = Ratio.ChangePercent(current.Completed, earlier.Completed),
                Failed = Ratio.ChangePercent(current.TasksFailed, earlier.TasksFailed),
                Pending = Ratio.ChangePercent(current.Pending, earlier.Pending),
                InProgress = Ratio.ChangePercent(current.InProgress, earlier.InProgress),
                SuccessRate = Ratio.ChangePercent(
                    (current.Completed, current.TotalTasks), (earlier.Completed, earlier.TotalTasks)),
            },
        },
    };

    private List<SeriesRow> BuildSeries(IReadOnlyList<Measures> buckets) =>
    [
        .. from bucket in plan.Buckets.Zip(buckets, (time, measures) => (Time: time, Measures: measures))
           where !plan.OmitEmptyBuckets || bucket.Measures != Measures.Zero
           select new SeriesRow
           {
               Start = ToLocal(bucket.Time.From),
               End = ToLocal(bucket.Time.To),
               Hours = bucket.Time.Hours,
               Complete = bucket.Time.IsComplete,
               CallAnalytics = mapper.Map<CallAnalytics>(bucket.Measures),
               CallStatus = mapper.Map<CallStatus>(bucket.Measures),
               Reconciliation = MapReconciliation(bucket.Measures),
               Components = MapComponents(bucket.Measures),
           },
    ];

    private List<GroupRow> BuildGroups(AnalyticsResult result)
    {
        if (plan.GroupBy.Any(Dimensions.IsLocalTime) || result.Groups.Count <= plan.Limit)
        {
            return [.. result.Groups.Select(BuildGroup)];
        }

        var shown = result.Groups.Take(plan.Limit).ToList();
        var other = new Group(result.Totals - Sum(shown.Select(group => group.Measures)))
        {
            ComparisonMeasures = result.ComparisonMeasures is var (earlier, current)
                ? (earlier - Sum(shown.Select(group => group.ComparisonMeasures!.Value.Earlier)),
                    current - Sum(shown.Select(group => group.ComparisonMeasures!.Value.Current)))
                : null,
        };
        return [.. shown.Select(BuildGroup), BuildGroup(other) with { Other = true }];
    }

    private static Measures Sum(IEnumerable<Measures> measures) => measures.Aggregate(Measures.Zero, (left, right) => left + right);

    private GroupRow BuildGroup(Group group) => new()
    {
        SpaceToken = group.Space?.Token,
        SpaceName = group.Space?.Name,
        Agent = group.Agent,
        Direction = group.Direction,
        RunId = group.RunId,
        Label = group.Label,
        DayOfWeek = group.DayOfWeek,
        HourOfDay = group.HourOfDay,
        CallAnalytics = mapper.Map<CallAnalytics>(group.Measures),
        CallStatus = mapper.Map<CallStatus>(group.Measures),
        Reconciliation = MapReconciliation(group.Measures),
        Components = MapComponents(group.Measures),
    };

    private Meta BuildMeta(AnalyticsResult result, string product) => new()
    {
        Start = plan.Window.From is { } from ? ToLocal(from) : null,
        End = plan.Window.To is { } to ? ToLocal(to) : null,
        Timezone = plan.Zone.Id,
        Interval = plan.Interval?.ToSnakeCase(),
        Product = product,
        DataThrough = result.ChangedAt.ToString(),
        MetricVersion = MetricDefinitions.Version,
        Ignored = plan.Ignored,
    };

    private DateTimeOffset ToLocal(Timestamp time) => plan.Zone.ToDateTimeOffset(time);
}
