using System.Text;
using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>The log, traces and metrics of a service in production after a few requests.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TelemetryTests(DatabaseEngine engine)
{
    private const string AnalyticsRoute = "api/v2/platform/organisation/analytics";

    private OtlpCollector _collector = null!;
    private IReadOnlyList<MetricSeries> _metrics = null!;
    private string _log = null!;

    [OneTimeSetUp]
    public async Task RunServiceAsync()
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await database.AddOrganisationAsync(1, 11);
        await database.AddMemberAsync(1, Acme.MemberUserId);
        await database.AddMemberAsync(1, PushRequest.EditorUserId, "editor");
        _collector = await OtlpCollector.StartAsync();
        using var service = new ServiceProcess(database.Folder, "Production",
        [
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", database.Settings.ConnectionString),
            ("Jwt:SigningKeys:0", Tokens.SigningKey), .. _collector.ExporterSettings,
        ]);
        var start = await service.ReadUntilAsync("Now listening on");
        var address = ServiceProcess.ParseAddress(start);
        foreach (var request in Requests(await SendAsync(address, new AnalyticsRequest { Handle = "org1.example" })))
        {
            await SendAsync(address, request);
        }

        var push = PushRequest.FromText("""
            {"task_id":"a","space_token":"S11","status":"pending"}
            {"task_id":"b","space_token":"S11"}
            """) with { Handle = "org1.example", Headers = [("X-Request-Id", "the-push")] };
        await RawHttp.SendAsync(address, "POST", push.Target, push.AllHeaders, push.Body);
        await RawHttp.SendAsync(address, "GET", "/health/ready", []);
        await service.TerminateAsync();
        var end = await service.WaitForExitAsync();
        _log = $"{start}\n{end.Output}";
        _metrics = _collector.LatestMetrics;
        Assert.That((end.ExitCode, end.Error), Is.EqualTo((0, "")));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _collector.DisposeAsync();

    // After a response from the database, one from the cache and one not modified; and each kind of invalid token.
    private static IEnumerable<AnalyticsRequest> Requests(Reply first)
    {
        var good = new AnalyticsRequest { Handle = "org1.example" };
        yield return good;
        yield return good with { Headers = [("If-None-Match", first["ETag"]!), ("X-Request-Id", "the-last-good-one")] };
        yield return good with { Authorization = null };
        yield return good with { Authorization = "Basic YTpi" };
        yield return good with { Authorization = "jwt" };
        yield return good with { Authorization = "jwt a" };
        yield return good with { Authorization = "jwt a.b" };
        yield return good with { Authorization = "jwt a.b.c" };
        yield return good with { Authorization = $"jwt {Tokens.Create(Acme.MemberUserId, "another-key-that-the-service-does-not-know")}" };
        yield return good with { Authorization =
            $"jwt {Tokens.Sign(Tokens.CreateClaims(("user_id", 7), ("exp", Tokens.GetUnixTimeFromNow(-TimeSpan.FromHours(1)))))}" };
        yield return good with { Authorization =
            $"jwt {Tokens.Sign(Tokens.CreateClaims(("user_id", 7), ("nbf", Tokens.GetUnixTimeFromNow(TimeSpan.FromMinutes(30)))))}" };
        yield return good with { Authorization = $"jwt {Tokens.Sign("""{"user_id":7}""")}" };
        yield return good with { Authorization = $"jwt {Tokens.Sign(Tokens.CreateClaims())}" };
        yield return good with { Headers = [("Authorization", Tokens.CreateAuthorization(Acme.MemberUserId))] };
        yield return good with { Authorization =
            $"jwt {Tokens.Sign(Tokens.CreateClaims(("user_id", 7), ("nbf", Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(2)))))}" };
    }

    [TestCase("database", 1), TestCase("cache", 1), TestCase("not_modified", 1)]
    public void Responses_are_counted_by_source(string source, int count) =>
        AssertCounted("analytics.responses", "{response}", $"source={source}", count);

    [TestCase("missing", 2), TestCase("malformed", 4), TestCase("wrong_signature", 1), TestCase("expired", 1), TestCase("not_yet_valid", 1)]
    [TestCase("no_expiry", 1), TestCase("no_user", 1), TestCase("duplicate_header", 1), TestCase("other", 1)]
    public void Authentication_failures_are_counted_by_reason(string reason, int count) =>
        AssertCounted("analytics.authentication.failures", "{request}", $"reason={reason}", count);

    [TestCase("inserted"), TestCase("rejected")]
    public void Pushed_rows_are_counted_by_effect(string effect) => AssertCounted("analytics.rows.written", "{row}", $"effect={effect}", 1);

    [Test]
    public void Push_is_logged_as_audit_record()
    {
        const string record =
            "Audit: tasks written by user 9, organisation 1: inserted 1, updated 0, unchanged 0, rejected 1, request the-push";

        Assert.That(_log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["Message"]),
            Has.One.EqualTo(record));
        Assert.That(_collector.GetRequests("logs").Select(Encoding.UTF8.GetString), Has.Some.Contains(record));
    }

    [TestCase(200, 2), TestCase(304, 1), TestCase(401, 13)]
    public void Request_durations_are_recorded_by_route_and_status(int status, int count)
    {
        var timed = _metrics.Where(point => point.Metric == "http.server.request.duration"
            && point.Tags.Contains($"http.response.status_code={status} http.route={AnalyticsRoute}", StringComparison.Ordinal));

        Assert.That(timed.Select(point => (point.Unit, point.Count)), Is.EqualTo(new[] { ("s", count) }));
    }

    [Test]
    public void Database_operation_durations_are_recorded()
    {
        var system = engine switch
        {
            DatabaseEngine.Sqlite => "sqlite",
            DatabaseEngine.SqlServer => "microsoft.sql_server",
            DatabaseEngine.Postgres => "postgresql",
        };
        var timed = _metrics.Where(point => point.Metric == "db.client.operation.duration").ToList();

        Assert.That(timed, Is.Not.Empty.And.All.Matches<MetricSeries>(
            point => point.Unit == "s" && point.Tags.Contains($"db.system.name={system}", StringComparison.Ordinal)));
        Assert.That(timed.Sum(point => point.Count), Is.InRange(5, 20), string.Join('\n', timed));
    }

    [Test]
    public void Metric_tags_contain_no_client_supplied_values() => Assert.That(
        _metrics.Select(point => point.Tags), Has.None.Contains("org1").And.None.Contains("/api").And.None.Contains("Password").And.None
            .Contains("Data Source").And.None.Contains("Username"));

    [Test]
    public void Request_id_is_in_traces_and_logs()
    {
        Assert.That(_collector.GetRequests("traces").Select(Encoding.UTF8.GetString), Has.Some.Contains("the-last-good-one"));
        Assert.That(_collector.GetRequests("logs").Select(Encoding.UTF8.GetString), Has.Some.Contains("the-last-good-one"));
    }

    // Two strings, each after its length.
    [TestCase("traces"), TestCase("metrics"), TestCase("logs")]
    public void Telemetry_carries_the_service_name(string signal) =>
        Assert.That(_collector.GetRequests(signal).Select(Encoding.UTF8.GetString),
            Is.Not.Empty.And.All.Contains("service.name\u0012\u000b\u000a\u0009analytics"));

    [Test]
    public void Traces_contain_routes_and_exclude_health_checks()
    {
        var traces = string.Concat(_collector.GetRequests("traces").Select(Encoding.UTF8.GetString));

        Assert.That(traces, Does.Contain(AnalyticsRoute).And.Contain("http.route").And.Not.Contain("health").And.Not.Contain("url.path"));
    }

    [Test]
    public void Log_lines_are_json_with_route_status_and_duration()
    {
        var lines = _log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var request = lines.Select(line => line["State"]).Single(state => (string?)state?["RequestId"] == "the-last-good-one")!;

        Assert.That(lines.Select(line => string.Join(' ', line.AsObject().Select(field => field.Key))),
            Has.All.EqualTo("Timestamp EventId LogLevel Category Message State"));
        Assert.That(lines.Select(line => (string?)line["Timestamp"]), Has.All.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        Assert.That(((string?)request["Method"], (string?)request["Route"], (int?)request["StatusCode"]),
            Is.EqualTo(("GET", AnalyticsRoute, 304)));
        Assert.That((double?)request["Duration"], Is.GreaterThan(0).And.LessThan(60_000));
    }

    private void AssertCounted(string metric, string unit, string tags, int count) =>
        Assert.That(_metrics.Where(point => point.Metric == metric && point.Tags == tags),
            Is.EqualTo(new[] { new MetricSeries(metric, unit, tags, count) }));

    private static Task<Reply> SendAsync(Uri address, AnalyticsRequest request) =>
        RawHttp.SendAsync(address, request.Method, request.Target, request.AllHeaders);
}
