using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>What is counted, and where.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class NumbersTests(DatabaseEngine engine)
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
    public async Task NoDataIsZeros()
    {
        var all = await DataAsync();
        var ofSpace = await DataAsync(new() { SpaceToken = Acme.SalesToken });

        await _service.AddSalesTasksAsync(new NativeTask("first"));
        var ofProductThatNobodyHas = await DataAsync(new() { Product = "nobody.has.it" });

        Assert.That((all, ofSpace, ofProductThatNobodyHas), Is.EqualTo((Zeros, Zeros, Zeros)));
    }

    [Test]
    public async Task AnOrganisationWithoutSpacesHasZeros()
    {
        await _service.AddOrganisationAsync(2, "empty.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);

        Assert.That(await DataAsync(new() { Handle = "empty.example" }), Is.EqualTo(Zeros));
    }

    [TestCase("contact", "active", 1), TestCase("Contact", "Active", 1), TestCase("CONTACT", "ACTIVE", 1), TestCase(" contact ", " active ", 1)]
    [TestCase("general", "active", 0), TestCase("contacts", "active", 0), TestCase("", "active", 0)]
    [TestCase("contact", "inactive", 0), TestCase("contact", "archived", 0), TestCase("contact", "", 0)]
    public async Task OnlyActiveContactSpacesCount(string contentType, string status, int tasks)
    {
        await _service.AddSalesTasksAsync(new NativeTask("first"));

        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, contentType, status);

        Assert.That(await NumberAsync("call_status", "total_tasks"), Is.EqualTo(tasks));
    }

    [Test]
    public async Task AllSpacesAreSummedAndOneIsNot()
    {
        await HasSupportAsync();
        await HasTasksAsync(new("first"), new("second") { SpaceToken = Support }, new("third") { SpaceToken = Support });

        var all = await NumberAsync("call_status", "total_tasks");
        var sales = await NumberAsync("call_status", "total_tasks", new() { SpaceToken = Acme.SalesToken });
        var support = await NumberAsync("call_status", "total_tasks", new() { SpaceToken = Support });

        Assert.That((all, sales, support), Is.EqualTo((3m, 1m, 2m)));
    }

    [Test]
    public async Task AProductHasItsOwnNumbers()
    {
        await HasTasksAsync(new("first"), new("second") { ProductId = "unpod.tv" }, new("third") { ProductId = "unpod.tv" });

        var ours = await NumberAsync("call_status", "total_tasks");
        var theirs = await NumberAsync("call_status", "total_tasks", new() { Product = "unpod.tv" });

        Assert.That((ours, theirs), Is.EqualTo((1m, 2m)));
    }

    [TestCase("Interested", "interested"), TestCase("InterestedIn", "interested"), TestCase(" interested ", "interested"), TestCase("INTERESTEDIN", "interested")]
    [TestCase("Call Back", "call_back"), TestCase("call_back", "call_back"), TestCase("CALL_BACK", "call_back")]
    [TestCase("Send Details", "send_details"), TestCase("send_details", "send_details")]
    [TestCase("Not Interested", "not_interested"), TestCase("_not_interested_", "not_interested")]
    [TestCase("Not Connected", "not_connected")]
    public async Task ALabelIsTheOutcomeWhateverTheStatus(string label, string outcome)
    {
        string[] statuses = ["completed", "failed", "pending", "hold"];
        await HasTasksAsync(statuses.Select(status => new NativeTask(status) { Status = status, Outcome = label }));

        Assert.That(await OutcomesAsync(), Is.EqualTo($"total_calls 4, {outcome} 4"));
    }

    [TestCase("failed", null, "failed"), TestCase("failed", "Voicemail", "failed"), TestCase(" FAILED ", "Error", "failed")]
    [TestCase("completed", null, "failed"), TestCase("completed", " ", "failed"), TestCase("Completed", "Error", "failed"), TestCase("completed", "unknown", "failed"), TestCase("completed", "FAILED", "failed")]
    [TestCase("completed", "Voicemail", null), TestCase("completed", "Interested In", null), TestCase("completed", "Callback", null), TestCase("completed", "NotInterested", null)]
    [TestCase("pending", null, null), TestCase("in_progress", "Error", null), TestCase("hold", "Failed", null), TestCase("processing", null, null), TestCase("anything", null, null)]
    public async Task WithoutSuchALabelTheStatusIsTheOutcome(string status, string? label, string? outcome)
    {
        await HasTasksAsync(new NativeTask("first") { Status = status, Outcome = label });

        Assert.That(await OutcomesAsync(), Is.EqualTo(outcome is null ? "total_calls 1" : $"total_calls 1, {outcome} 1"));
    }

    [TestCase("pending", "pending"), TestCase("in_progress", "in_progress"), TestCase("completed", "completed"), TestCase("failed", "failed"), TestCase(" Completed ", "completed")]
    [TestCase("hold", null), TestCase("partially_completed", null), TestCase("processing", null), TestCase("scheduled", null), TestCase("in progress", null), TestCase("anything", null)]
    public async Task AStatusIsCountedOrOnlyInTheTotal(string status, string? counted)
    {
        await HasTasksAsync(new NativeTask("first") { Status = status, ExecutionType = "email" });

        Assert.That(await NonZeroAsync("call_status", except: "success_rate"), Is.EqualTo(counted is null ? "total_tasks 1" : $"total_tasks 1, {counted} 1"));
    }

    [TestCase("call", 1), TestCase(" CALL ", 1), TestCase(null, 1), TestCase("email", 0), TestCase("calls", 0)]
    public async Task EveryTaskCountsAndCallsAsCalls(string? executionType, int calls)
    {
        await HasTasksAsync(new NativeTask("first") { ExecutionType = executionType, Outcome = "Interested" });

        Assert.That((await NumberAsync("call_status", "total_tasks"), await NumberAsync("call_analytics", "total_calls"), await NumberAsync("call_analytics", "interested")), Is.EqualTo((1m, (decimal)calls, (decimal)calls)));
    }

    [TestCase(1, 3, "33.33"), TestCase(2, 3, "66.67"), TestCase(1, 2, "50"), TestCase(3, 3, "100"), TestCase(0, 2, "0"), TestCase(1, 800, "0.13", Description = "half away from zero")]
    public async Task TheSuccessRateIsCompletedTasksInAHundred(int completed, int total, string rate)
    {
        await HasTasksAsync(Enumerable.Range(0, total).Select(i => new NativeTask($"{i}") { Status = i < completed ? "completed" : "hold" }));

        Assert.That(await TextAsync("call_status", "success_rate"), Is.EqualTo(rate));
    }

    [TestCase(new[] { 1.0, 2.0 }, "1.5"), TestCase(new[] { 1.0, 1.0, 2.0 }, "1.33"), TestCase(new[] { 0.02, 0.03 }, "0.03", Description = "half away from zero")]
    [TestCase(new[] { 467.0 }, "467"), TestCase(new[] { 1000.0, 0.0 }, "500"), TestCase(new double[0], "0")]
    public async Task TheScoreIsTheMeanOverScoredCalls(double[] scores, string mean)
    {
        await HasTasksAsync(scores.Select((score, i) => new NativeTask($"{i}") { SuccessScore = (decimal)score }).Append(new("not scored")));

        Assert.That(await TextAsync("call_analytics", "avg_success_score"), Is.EqualTo(mean));
    }

    [Test]
    public async Task TheScoreIsNoMeanOfMeans()
    {
        await HasSupportAsync();
        await HasTasksAsync(
            new("first") { SuccessScore = 10 },
            new("second") { SpaceToken = Support, SuccessScore = 1 }, new("third") { SpaceToken = Support, SuccessScore = 1 });

        Assert.That(await TextAsync("call_analytics", "avg_success_score"), Is.EqualTo("4"));
    }

    [Test]
    public async Task ADeletedTaskIsNotCounted()
    {
        await HasTasksAsync(new NativeTask("first") { Outcome = "Interested", SuccessScore = 5 });

        await HasTasksAsync(new NativeTask("first") { Deleted = true });

        Assert.That(await DataAsync(), Is.EqualTo(Zeros));
    }

    [Test]
    public async Task AMovedTaskIsCountedAtItsNewPlaceOnly()
    {
        await HasSupportAsync();
        await HasTasksAsync(new NativeTask("first"));

        await HasTasksAsync(new NativeTask("first") { SpaceToken = Support, ProductId = "unpod.tv" });

        var left = await NumberAsync("call_status", "total_tasks");
        var arrived = await NumberAsync("call_status", "total_tasks", new() { SpaceToken = Support, Product = "unpod.tv" });
        Assert.That((left, arrived), Is.EqualTo((0m, 1m)));
    }

    private Task HasSupportAsync() => _service.AddSpaceAsync(Acme.Id, 12, Support);

    private async Task HasTasksAsync(params IEnumerable<NativeTask> tasks) =>
        await _service.ImportTasksAsync(Acme.Id, tasks.Select(task => task.ToLine()), (Acme.SalesSpaceId, Acme.SalesToken), (12, Support));

    private async Task<string> DataAsync(AnalyticsRequest? question = null) => (await _service.SendAsync(question)).Json["data"]!.ToJsonString();

    private async Task<string> TextAsync(string part, string field, AnalyticsRequest? question = null) =>
        (await _service.SendAsync(question)).Json["data"]![part]![field]!.ToJsonString();

    private async Task<decimal> NumberAsync(string part, string field, AnalyticsRequest? question = null) =>
        decimal.Parse(await TextAsync(part, field, question), System.Globalization.CultureInfo.InvariantCulture);

    private Task<string> OutcomesAsync() => NonZeroAsync("call_analytics", except: "avg_success_score");

    /// <summary>The fields of a part that are not 0, in their order.</summary>
    private async Task<string> NonZeroAsync(string part, string except)
    {
        var fields = (await _service.SendAsync()).Json["data"]![part]!.AsObject();
        return string.Join(", ", fields.Where(field => field.Key != except && (decimal)field.Value! != 0).Select(field => $"{field.Key} {field.Value}"));
    }
}
