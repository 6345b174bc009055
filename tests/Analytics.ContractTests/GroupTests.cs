using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Groups: their keys, their order, and that they add up.</summary>
internal sealed class GroupTests
{
    private const int Limit = 3;

    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["space"] = ["space_token", "space_name"],
        ["run"] = ["run_id"],
    };

    private static ApiClient Api => Deployment.Api;

    [TestCase("space"), TestCase("agent"), TestCase("direction"), TestCase("run"), TestCase("label")]
    [TestCase("space,agent"), TestCase("space,direction"), TestCase("agent,direction")]
    [TestCase("run,space"), TestCase("run,agent"), TestCase("run,direction"), TestCase("label,space")]
    public async Task Groups_add_up_to_the_totals_in_their_order(string dimensions)
    {
        var reply = await Api.GetAsync($"{Deployment.Days}&group_by={dimensions}&limit={Limit}&include=reconciliation,components");
        var groups = reply.Data.GetProperty("groups").EnumerateArray().ToList();
        var named = groups.Where(group => !IsOther(group)).ToList();
        var keys = dimensions.Split(',').SelectMany(dimension => Keys.GetValueOrDefault(dimension, [dimension]));

        Assert.That(Counts.Of(groups), groups.Count == 0 ? Is.Empty : Is.EqualTo(Counts.Of(reply.Data)),
            reply.Explain("The groups, with the row other, add up to the totals."));
        Assert.That(named.Select(group => group.EnumerateObject().Select(field => field.Name).TakeWhile(name => name != "call_analytics")),
            Is.All.EquivalentTo(keys), reply.Explain("A group has its own dimensions only."));
        Assert.That(named, Has.Count.LessThanOrEqualTo(Limit), reply.Explain("There are at most limit groups besides the row other."));
        Assert.That(groups.SkipLast(1).Where(IsOther), Is.Empty, reply.Explain("The row other is the last."));
        Assert.That(named.Select(group => Counts.Of(group)["call_analytics.total_calls"]), Is.Ordered.Descending,
            reply.Explain("The groups with the most calls come first."));
        Assert.That(groups.Where(Counts.AreZero), Is.Empty, reply.Explain("Groups that are all zero are left out."));
    }

    [TestCase("day_of_week", 7), TestCase("hour_of_day", 24), TestCase("day_of_week,hour_of_day", 168)]
    public async Task Heat_map_has_all_cells_in_their_order(string dimensions, int cells)
    {
        var reply = await Api.GetAsync($"{Deployment.Days}&group_by={dimensions}&timezone=Asia/Kolkata&limit=1");
        var groups = reply.Data.GetProperty("groups").EnumerateArray().ToList();

        Assert.That(groups, Has.Count.EqualTo(cells), reply.Explain("All cells are present, whatever limit says."));
        Assert.That(groups.Select(group => (Read(group, "day_of_week"), Read(group, "hour_of_day"))), Is.Unique.And.Ordered,
            reply.Explain("Each cell is present once, by day, then by hour."));
        Assert.That(Counts.Of(groups), Is.EqualTo(Counts.Of(reply.Data)), reply.Explain("The cells add up to the totals."));
    }

    [TestCase("agent", "agent"), TestCase("direction", "direction"), TestCase("run", "run_id"), TestCase("space", "space_token")]
    public async Task Filter_returns_the_counts_of_its_group(string dimension, string parameter)
    {
        var (groups, filtered) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var groups = await Api.GetAsync($"{Deployment.Days}&group_by={dimension}&limit=1");
            var values = groups.Data.GetProperty("groups").EnumerateArray().Where(group => !IsOther(group));
            var filtered = new List<Reply>();
            foreach (var value in values)
            {
                filtered.Add(
                    await Api.GetAsync($"{Deployment.Days}&{parameter}={Uri.EscapeDataString(value.GetProperty(parameter).GetString()!)}"));
            }

            return (groups, filtered);
        });

        foreach (var (group, reply) in groups.Data.GetProperty("groups").EnumerateArray().Zip(filtered))
        {
            Assert.That(Counts.Of(reply.Data), Is.EqualTo(Counts.Of(group)),
                groups.Explain($"The filter {parameter} selects what its group counts.", reply));
        }
    }

    [Test]
    public async Task Repeated_agent_selects_any_of_them()
    {
        var (groups, both) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var groups = await Api.GetAsync($"{Deployment.Days}&group_by=agent&limit=2");
            var agents = groups.Data.GetProperty("groups").EnumerateArray().Where(group => !IsOther(group))
                .Select(group => $"&agent={Uri.EscapeDataString(group.GetProperty("agent").GetString()!)}");
            return (groups, await Api.GetAsync($"{Deployment.Days}{string.Concat(agents)}"));
        });

        var named = groups.Data.GetProperty("groups").EnumerateArray().Where(group => !IsOther(group)).ToList();
        Assert.That(Counts.Of(both.Data), named.Count == 0 ? Is.Not.Empty : Is.EqualTo(Counts.Of(named)),
            groups.Explain("A repeated agent selects the tasks of any of them.", both));
    }

    [TestCase("agent,label"), TestCase("run,label"), TestCase("space,day_of_week"), TestCase("hour_of_day,agent"), TestCase("agent,agent")]
    [TestCase("space,agent,direction"), TestCase("outcome"), TestCase("Agent")]
    public async Task Other_dimensions_are_rejected(string dimensions)
    {
        var reply = await Api.SendAsync(new ContractRequest($"date_range=7d&group_by={dimensions}"));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("Only the documented dimensions and pairs can be grouped by."));
        Assert.That(reply.Json.GetProperty("errors").TryGetProperty("group_by", out _), Is.True,
            reply.Explain("The error names group_by."));
    }

    [TestCase("agent=a"), TestCase("direction=inbound"), TestCase("run_id=a")]
    public async Task Labels_cannot_be_filtered_by_another_dimension(string filter)
    {
        var reply = await Api.SendAsync(new ContractRequest($"date_range=7d&group_by=label&{filter}"));

        Assert.That(reply.Status, Is.EqualTo(400),
            reply.Explain("group_by=label does not go with the filters agent, direction and run_id."));
    }

    private static bool IsOther(JsonElement group) => group.TryGetProperty("other", out var other) && other.GetBoolean();

    private static int Read(JsonElement group, string dimension) => group.TryGetProperty(dimension, out var value) ? value.GetInt32() : 0;
}
