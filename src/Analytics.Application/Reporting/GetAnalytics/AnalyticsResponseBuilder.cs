using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using AutoMapper;
using NodaTime.TimeZones;

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
            ? BuildComparison(comparison, earlier, current, result.ComparisonBuckets)
            : null,
        Series = plan.Interval is null ? null : BuildSeries(plan.Buckets, result.Buckets, plan.OmitEmptyBuckets),
        Groups = plan.GroupBy.Count == 0 ? null : BuildGroups(result),
        Meta = result.Facts is { } facts ? BuildMeta(result, facts, product) : null,
    };

    private Reconciliation? MapReconciliation(Measures measures) =>
        plan.Include.HasFlag(IncludeOptions.Reconciliation) ? mapper.Map<Reconciliation>(measures) : null;

    private Components? MapComponents(Measures measures) =>
        plan.Include.HasFlag(IncludeOptions.Components) ? mapper.Map<Components>(measures) : null;

    private ComparisonResult BuildComparison(Comparison comparison, Measures earlier, Measures current, IReadOnlyList<Measures> buckets) =>
        new()
        {
            Start = ToLocal(comparison.Earlier.From!.Value),
            End = ToLocal(comparison.Earlier.To!.Value),
            CallAnalytics = mapper.Map<CallAnalytics>(earlier),
            CallStatus = mapper.Map<CallStatus>(earlier),
            Reconciliation = MapReconciliation(earlier),
            Components = MapComponents(earlier),
            ChangePercent = Changes.ToPercent(earlier, current, plan.Include),
            ChangePoints = Changes.ToPoints(earlier, current),
            Series = plan.Interval is null ? null : BuildSeries(comparison.Buckets, buckets, omitEmpty: false),
        };

    private List<SeriesRow> BuildSeries(IReadOnlyList<Bucket> buckets, IReadOnlyList<Measures> sums, bool omitEmpty) =>
    [
        .. from bucket in buckets.Zip(sums, (time, measures) => (Time: time, Measures: measures))
           where !omitEmpty || bucket.Measures != Measures.Zero
           select new SeriesRow
           {
               Start = ToLocal(bucket.Time.From),
               End = ToLocal(bucket.Time.To),
               Hours = bucket.Time.Hours,
               Complete = bucket.Time.IsComplete,
               State = bucket.Time.State,
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
        ChangePercent = group.ComparisonMeasures is var (earlier, current) && earlier != Measures.Zero
            ? Changes.ToPercent(earlier, current, plan.Include)
            : null,
        ChangePoints = group.ComparisonMeasures is var (before, now) ? Changes.ToPoints(before, now) : null,
    };

    private Meta BuildMeta(AnalyticsResult result, OrganisationFacts facts, string product) => new()
    {
        Start = plan.Window.From is { } from ? ToLocal(from) : null,
        End = plan.Window.To is { } to ? ToLocal(to) : null,
        Now = ToLocal(plan.Now.Start),
        Previous = plan.Previous,
        Next = plan.Next,
        Timezone = plan.Zone.Id,
        Interval = plan.Interval?.ToSnakeCase(),
        Organisation = new MetaOrganisation { Handle = facts.Handle, Name = facts.Name },
        Product = product,
        DataThrough = result.ChangedAt.ToString(),
        FirstTaskAt = facts.FirstTaskAt is { } first
            ? Granularities.StartOf(Granularity.Day, new Timestamp(first)).ToString()
            : null,
        MetricVersion = MetricDefinitions.Version,
        TzdbVersion = TzdbDateTimeZoneSource.Default.TzdbVersion,
        Ignored = plan.Ignored,
    };

    private DateTimeOffset ToLocal(Timestamp time) => plan.Zone.ToDateTimeOffset(time);
}
