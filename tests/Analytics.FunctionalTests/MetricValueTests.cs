using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Which tasks each metric counts.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class MetricValueTests(DatabaseEngine engine)
{
    private const string Support = "SUPPORT";
    private const string Zeros =
        """{"call_analytics":{"total_calls":0,"interested":0,"call_back":0,"send_details":0,"not_interested":0,"not_connected":0,"failed":0,"avg_success_score":0},"call_status":{"total_tasks":0,"completed":0,"failed":0,"pending":0,"in_progress":0,"success_rate":0}}""";

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await AnalyticsService.StartAsync(engine, _ => { });
        await _service.AddOrganisationAsync(Acme.Id, Acme.Handle);
        await _service.AddMemberAsync(Acme.Id, Acme.MemberUserId);
        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken);
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task No_tasks_returns_zeros()
    {
        var all = await GetDataAsync();
        var space = await GetDataAsync(new() { SpaceToken = Acme.SalesToken });

        await _service.AddSalesTasksAsync(new NativeTask("first"));
        var unknownProduct = await GetDataAsync(new() { Product = "nobody.has.it" });

        Assert.That((all, space, unknownProduct), Is.EqualTo((Zeros, Zeros, Zeros)));
    }

    [Test]
    public async Task Organisation_without_spaces_returns_zeros()
    {
        await _service.AddOrganisationAsync(2, "empty.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);

        Assert.That(await GetDataAsync(new() { Handle = "empty.example" }), Is.EqualTo(Zeros));
    }

    [TestCase("contact", "active", 1), TestCase("Contact", "Active", 1), TestCase("CONTACT", "ACTIVE", 1),
        TestCase(" contact ", " active ", 1), TestCase("\u2003CONTACT\u3000", "\u00A0Active", 1)]
    [TestCase("general", "active", 0), TestCase("contacts", "active", 0), TestCase("", "active", 0)]
    [TestCase("contact", "inactive", 0), TestCase("contact", "archived", 0), TestCase("contact", "", 0)]
    public async Task Only_active_contact_spaces_are_counted(string contentType, string status, int tasks)
    {
        await _service.AddSalesTasksAsync(new NativeTask("first"));

        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, contentType, status);

        Assert.That(await GetNumberAsync("call_status", "total_tasks"), Is.EqualTo(tasks));
    }

    [Test]
    public async Task Totals_sum_all_spaces_unless_one_is_requested()
    {
        await AddSupportSpaceAsync();
        await AddTasksAsync(new("first"), new("second") { SpaceToken = Support }, new("third") { SpaceToken = Support });

        var all = await GetNumberAsync("call_status", "total_tasks");
        var sales = await GetNumberAsync("call_status", "total_tasks", new() { SpaceToken = Acme.SalesToken });
        var support = await GetNumberAsync("call_status", "total_tasks", new() { SpaceToken = Support });

        Assert.That((all, sales, support), Is.EqualTo((3m, 1m, 2m)));
    }

    [Test]
    public async Task Totals_are_separate_for_each_product()
    {
        await AddTasksAsync(new("first"), new("second") { ProductId = "unpod.tv" }, new("third") { ProductId = "unpod.tv" });

        var ours = await GetNumberAsync("call_status", "total_tasks");
        var theirs = await GetNumberAsync("call_status", "total_tasks", new() { Product = "unpod.tv" });

        Assert.That((ours, theirs), Is.EqualTo((1m, 2m)));
    }

    [TestCase("Interested", "interested"), TestCase("InterestedIn", "interested"), TestCase(" interested ", "interested"),
        TestCase("INTERESTEDIN", "interested")]
    [TestCase("Call Back", "call_back"), TestCase("call_back", "call_back"), TestCase("CALL_BACK", "call_back")]
    [TestCase("Send Details", "send_details"), TestCase("send_details", "send_details")]
    [TestCase("Not Interested", "not_interested"), TestCase("_not_interested_", "not_interested")]
    [TestCase("Not Connected", "not_connected")]
    public async Task Known_label_determines_the_outcome_whatever_the_status(string label, string outcome)
    {
        string[] statuses = ["completed", "failed", "pending", "hold"];
        await AddTasksAsync(statuses.Select(status => new NativeTask(status) { Status = status, Outcome = label }));

        Assert.That(await GetOutcomesAsync(), Is.EqualTo($"total_calls 4, {outcome} 4"));
    }

    [TestCase("failed", null, "failed"), TestCase("failed", "Voicemail", "failed"), TestCase(" FAILED ", "Error", "failed")]
    [TestCase("completed", null, "failed"), TestCase("completed", " ", "failed"), TestCase("Completed", "Error", "failed"),
        TestCase("completed", "unknown", "failed"), TestCase("completed", "FAILED", "failed")]
    [TestCase("completed", "Voicemail", null), TestCase("completed", "Interested In", null), TestCase("completed", "Callback", null),
        TestCase("completed", "NotInterested", null)]
    [TestCase("pending", null, null), TestCase("in_progress", "Error", null), TestCase("hold", "Failed", null),
        TestCase("processing", null, null), TestCase("anything", null, null)]
    public async Task Outcome_without_a_known_label_depends_on_the_status(string status, string? label, string? outcome)
    {
        await AddTasksAsync(new NativeTask("first") { Status = status, Outcome = label });

        Assert.That(await GetOutcomesAsync(), Is.EqualTo(outcome is null ? "total_calls 1" : $"total_calls 1, {outcome} 1"));
    }

    [TestCase("pending", "pending"), TestCase("in_progress", "in_progress"), TestCase("completed", "completed"),
        TestCase("failed", "failed"), TestCase(" Completed ", "completed"),
        TestCase("\u2003COMPLETED\u3000", "completed")]
    [TestCase("hold", null), TestCase("partially_completed", null), TestCase("processing", null), TestCase("scheduled", null),
        TestCase("in progress", null), TestCase("anything", null)]
    public async Task Status_is_counted_in_its_category_or_only_in_the_total(string status, string? counted)
    {
        await AddTasksAsync(new NativeTask("first") { Status = status, ExecutionType = "email" });

        Assert.That(await GetNonZeroFieldsAsync("call_status", except: "success_rate"),
            Is.EqualTo(counted is null ? "total_tasks 1" : $"total_tasks 1, {counted} 1"));
    }

    [TestCase("call", 1), TestCase(" CALL ", 1), TestCase(null, 1), TestCase("email", 0), TestCase("calls", 0)]
    public async Task All_tasks_count_as_tasks_and_only_calls_as_calls(string? executionType, int calls)
    {
        await AddTasksAsync(new NativeTask("first") { ExecutionType = executionType, Outcome = "Interested" });

        Assert.That((await GetNumberAsync("call_status", "total_tasks"), await GetNumberAsync("call_analytics", "total_calls"),
            await GetNumberAsync("call_analytics", "interested")), Is.EqualTo((1m, (decimal)calls, (decimal)calls)));
    }

    [TestCase(1, 3, "33.33"), TestCase(2, 3, "66.67"), TestCase(1, 2, "50"), TestCase(3, 3, "100"), TestCase(0, 2, "0"),
        TestCase(1, 800, "0.13", Description = "half away from zero")]
    public async Task Success_rate_is_the_percentage_of_completed_tasks(int completed, int total, string rate)
    {
        await AddTasksAsync(
            Enumerable.Range(0, total).Select(i => new NativeTask($"{i}") { Status = i < completed ? "completed" : "hold" }));

        Assert.That(await GetTextAsync("call_status", "success_rate"), Is.EqualTo(rate));
    }

    [TestCase(new[] { 1.0, 2.0 }, "1.5"), TestCase(new[] { 1.0, 1.0, 2.0 }, "1.33"),
        TestCase(new[] { 0.02, 0.03 }, "0.03", Description = "half away from zero")]
    [TestCase(new[] { 467.0 }, "467"), TestCase(new[] { 1000.0, 0.0 }, "500"), TestCase(new double[0], "0")]
    public async Task Average_score_is_the_mean_of_scored_calls(double[] scores, string mean)
    {
        await AddTasksAsync(
            scores.Select((score, i) => new NativeTask($"{i}") { SuccessScore = (decimal)score }).Append(new("not scored")));

        Assert.That(await GetTextAsync("call_analytics", "avg_success_score"), Is.EqualTo(mean));
    }

    [Test]
    public async Task Average_score_is_not_a_mean_of_space_means()
    {
        await AddSupportSpaceAsync();
        await AddTasksAsync(
            new("first") { SuccessScore = 10 },
            new("second") { SpaceToken = Support, SuccessScore = 1 }, new("third") { SpaceToken = Support, SuccessScore = 1 });

        Assert.That(await GetTextAsync("call_analytics", "avg_success_score"), Is.EqualTo("4"));
    }

    [Test]
    public async Task Deleted_task_is_not_counted()
    {
        await AddTasksAsync(new NativeTask("first") { Outcome = "Interested", SuccessScore = 5 });

        await AddTasksAsync(new NativeTask("first") { Deleted = true });

        Assert.That(await GetDataAsync(), Is.EqualTo(Zeros));
    }

    [Test]
    public async Task Task_moved_to_another_space_and_product_is_counted_only_there()
    {
        await AddSupportSpaceAsync();
        await AddTasksAsync(new NativeTask("first"));

        await AddTasksAsync(new NativeTask("first") { SpaceToken = Support, ProductId = "unpod.tv" });

        var oldCount = await GetNumberAsync("call_status", "total_tasks");
        var newCount = await GetNumberAsync("call_status", "total_tasks", new() { SpaceToken = Support, Product = "unpod.tv" });
        Assert.That((oldCount, newCount), Is.EqualTo((0m, 1m)));
    }

    private Task AddSupportSpaceAsync() => _service.AddSpaceAsync(Acme.Id, 12, Support);

    private async Task AddTasksAsync(params IEnumerable<NativeTask> tasks) =>
        await _service.ImportTasksAsync(Acme.Id, tasks.Select(task => task.ToLine()), (Acme.SalesSpaceId, Acme.SalesToken), (12, Support));

    private async Task<string> GetDataAsync(AnalyticsRequest? request = null) =>
        (await _service.SendAsync(request)).Json["data"]!.ToJsonString();

    private async Task<string> GetTextAsync(string section, string field, AnalyticsRequest? request = null) =>
        (await _service.SendAsync(request)).Json["data"]![section]![field]!.ToJsonString();

    private async Task<decimal> GetNumberAsync(string section, string field, AnalyticsRequest? request = null) =>
        decimal.Parse(await GetTextAsync(section, field, request), System.Globalization.CultureInfo.InvariantCulture);

    private Task<string> GetOutcomesAsync() => GetNonZeroFieldsAsync("call_analytics", except: "avg_success_score");

    // The fields of a section that are not 0, in their order.
    private async Task<string> GetNonZeroFieldsAsync(string section, string except)
    {
        var fields = (await _service.SendAsync()).Json["data"]![section]!.AsObject();
        return string.Join(
            ", ", fields.Where(field => field.Key != except && (decimal)field.Value! != 0).Select(field => $"{field.Key} {field.Value}"));
    }
}
