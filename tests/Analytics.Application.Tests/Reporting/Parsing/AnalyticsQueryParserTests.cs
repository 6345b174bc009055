using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class AnalyticsQueryParserTests
{
    [Test]
    public void Query_without_parameters_selects_all_tasks_with_defaults()
    {
        var plan = TestQuery.ParsePlan("");
        Assert.That(plan.Window, Is.EqualTo(TimeRange.All));
        Assert.That(plan.Filter, Is.EqualTo(TaskFilter.None));
        Assert.That((plan.Interval, plan.Comparison, plan.Include), Is.EqualTo(((Interval?)null, (Comparison?)null, IncludeOptions.None)));
        Assert.That((plan.Buckets, plan.GroupBy, plan.Ignored),
            Is.EqualTo((Array.Empty<Bucket>(), Array.Empty<Dimension>(), Array.Empty<string>())));
        Assert.That((plan.Zone.Id, plan.Limit, plan.OmitEmptyBuckets), Is.EqualTo(("UTC", 100, false)));
    }

    [Test]
    public void Query_without_parameters_returns_the_cached_result() =>
        Assert.That(TestQuery.Parse("", "2027-01-01T00:00:00Z"), Is.SameAs(AnalyticsQueryParser.Parse(RawQuery.Empty, default)));

    [Test]
    public void All_parameters_can_be_combined()
    {
        var plan = TestQuery.ParsePlan(
            "date_range=7d&timezone=Asia/Kolkata&interval=day&fill=none&group_by=direction, agent&limit=7&compare=previous_year&include=meta,components , meta&format=json");
        Assert.That((plan.Zone.Id, plan.Interval, plan.Buckets.Count, plan.OmitEmptyBuckets),
            Is.EqualTo(("Asia/Kolkata", Interval.Day, 7, true)));
        Assert.That((plan.Limit, plan.Include), Is.EqualTo((7, IncludeOptions.Meta | IncludeOptions.Components)));
        Assert.That(plan.GroupBy, Is.EqualTo(new[] { Dimension.Direction, Dimension.Agent }));
        Assert.That(plan.Comparison, Is.Not.Null);
    }

    [TestCase("agent=b&agent=%20a%20&agent=B&agent=b", new[] { "B", "a", "b" })]
    [TestCase("agent=", new[] { "" })]
    [TestCase("agent=x&agent=%20", new[] { "", "x" })]
    public void Agents_are_trimmed_deduplicated_and_sorted_ordinally(string query, string[] agents) =>
        Assert.That(TestQuery.ParsePlan(query).Filter.Agents, Is.EqualTo(agents));

    [Test]
    public void Agent_of_maximum_length_is_accepted() =>
        Assert.That(TestQuery.ParsePlan($"agent=%20{new string('a', 128)}").Filter.Agents, Is.EqualTo(new[] { new string('a', 128) }));

    [TestCase("", null)]
    [TestCase("direction=", Direction.None)]
    [TestCase("direction=%20", Direction.None)]
    [TestCase("direction=inbound", Direction.Inbound)]
    [TestCase("direction=outbound", Direction.Outbound)]
    public void Blank_direction_selects_tasks_without_direction(string query, Direction? direction) =>
        Assert.That(TestQuery.ParsePlan(query).Filter.Direction, Is.EqualTo(direction));

    [Test]
    public void Space_token_keeps_its_case() => Assert.That(TestQuery.ParsePlan("space_token=AbC").Filter.SpaceToken, Is.EqualTo("AbC"));

    [Test]
    public void At_most_20_unknown_parameters_are_listed_in_ordinal_order()
    {
        Assert.That(TestQuery.ParsePlan("z=1&Page=hour&b=&b=&outcome=x&a=").Ignored,
            Is.EqualTo(new[] { "Page", "a", "b", "outcome", "z" }));
        Assert.That(
            TestQuery.ParsePlan(string.Join('&', Enumerable.Range(10, 30).Reverse().Select(number => $"x{number}="))).Ignored,
            Is.EqualTo(Enumerable.Range(10, 20).Select(number => $"x{number}")));
    }
}
