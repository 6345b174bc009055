using System.Text.Json.Nodes;
using Analytics.Api.RateLimiting;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The documented errors are the actual ones.</summary>
internal sealed class OpenApiErrorTests : OpenApiFixture
{
    // Errors that no request causes by itself.
    private static readonly string[] EnvironmentErrors =
        ["Unavailable", "Overloaded", "ConcurrentChange", "TooManyRows", "IssuerUnavailable", "ExportLimitOfService", "ExportInProgress",
            "StreamLimitOfService", "StreamLimitOfUser", "AnonymousRateLimitExceeded", "UserRateLimitExceeded", "InternalError"];

    // The change of the documented request that causes each documented error.
    private static readonly Dictionary<string, Func<AnalyticsRequest, AnalyticsRequest>> InvalidRequests = new(StringComparer.Ordinal)
    {
        ["OrgHandleMissing"] = request => request with { Handle = null },
        ["ProductIdInvalid"] = request => request with { Product = "unpod dev" },
        ["CredentialsMissing"] = request => request with { Authorization = null },
        ["SchemeMissing"] = request => request with { Authorization = request.Authorization!.Split(' ')[1] },
        ["MethodNotAllowed"] = request => request with { Method = "POST" },
        ["TokenInvalid"] = request => request with { Authorization = "jwt of nobody" },
        ["OrganizationNotFound"] = request => request with { Handle = "nobody.example" },
        ["SpaceTokenInvalid"] = SetQuery("space_token=F1O3-QJM1"),
        ["SpaceTokenRepeated"] = SetQuery($"space_token={DemoData.SpaceToken}&space_token={DemoData.SpaceToken}"),
        ["SpaceNotFound"] = SetQuery("space_token=N0SUCHSPACE"),
        ["DateRangeUnknown"] = SetQuery("date_range=2d"),
        ["DateRangeAndDates"] = SetQuery("date_range=7d&start_date=2026-11-01"),
        ["DateNotAligned"] = SetQuery("start_date=2026-11-01T10:05:00Z"),
        ["DatesReversed"] = SetQuery("start_date=2026-11-02&end_date=2026-11-01"),
        ["TimezoneUnknown"] = SetQuery("timezone=India%20Standard%20Time"),
        ["LimitInvalid"] = SetQuery("limit=0"),
        ["IntervalUnbounded"] = SetQuery("interval=day"),
        ["IntervalTooLong"] = SetQuery("interval=hour&date_range=91d"),
        ["GroupByInvalid"] = SetQuery("group_by=agent,agent"),
        ["GroupByPairInvalid"] = SetQuery("group_by=label,agent"),
        ["TableWithSeriesAndGroups"] = SetQuery("format=csv&date_range=7d&interval=day&group_by=agent"),
        ["FormatOfStream"] = SetQuery("format=csv"),
        ["OutcomeUnknown"] = SetQuery("outcome=won"),
        ["CursorInvalid"] = SetQuery("cursor=2"),
        ["PagingOfTable"] = SetQuery("format=csv&limit=10"),
        ["ParameterUnknown"] = request => request with { Query = request.Path == StreamPath ? "outcome=interested" : "interval=day" },
    };

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath), TestCase(DefinitionsPath)]
    [TestCase(OrganisationsPath), TestCase(SpacesPath), TestCase("/health/live"), TestCase("/health/ready")]
    public async Task Documented_errors_match_real_ones(string path)
    {
        var names = GetErrorExamples(path).Select(example => example.Key).Except(EnvironmentErrors).ToList();
        foreach (var name in names)
        {
            var change = name == "CursorMismatch" ? SetQuery($"agent=asha&cursor={await GetCursorAsync()}") : InvalidRequests[name];
            AssertMatchesExample(path, name, await Service.SendAsync(change(DocumentedDemo.Request with { Path = path })));
        }

        Assert.That(names, Is.Not.Empty);
    }

    [Test]
    public void Documented_errors_are_exactly_the_tested_ones()
    {
        string[] paths =
            [AnalyticsPath, TasksPath, StreamPath, DefinitionsPath, OrganisationsPath, SpacesPath, "/health/live", "/health/ready"];
        var documented = paths.SelectMany(GetErrorExamples)
            .Select(example => example.Key).Distinct(StringComparer.Ordinal);

        Assert.That(documented, Is.EquivalentTo([.. InvalidRequests.Keys, "CursorMismatch", .. EnvironmentErrors]));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath), TestCase(OrganisationsPath), TestCase(SpacesPath)]
    [TestCase("/health/ready")]
    public async Task Documented_503_matches_the_real_one(string path)
    {
        await using var service = await DocumentedDemo.StartAsync();
        File.Delete(service.DatabaseFile);

        AssertMatchesExample(path, "Unavailable", await service.SendAsync(DocumentedDemo.Request with { Path = path }));
        Assert.That(GetOperation(path).Responses!["503"].Content!["application/json"].Examples!.Values.Select(example =>
            example.Value!.ToJsonString()).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1), "Every overload has the same message");
    }

    [Test]
    public async Task Documented_stream_limit_error_matches_the_real_one()
    {
        var streams = new List<EventStream>();
        try
        {
            for (var i = 0; i < StreamConcurrencyLimiter.MaxPerUser; i++)
            {
                streams.Add(await Service.OpenStreamAsync(DocumentedDemo.Request));
            }

            AssertMatchesExample(
                StreamPath, "StreamLimitOfUser", await Service.SendAsync(DocumentedDemo.Request with { Path = StreamPath }));
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static Func<AnalyticsRequest, AnalyticsRequest> SetQuery(string query) => request => request with { Query = query };

    private IEnumerable<KeyValuePair<string, IOpenApiExample>> GetErrorExamples(string path) =>
        GetOperation(path).Responses!.Where(response => response.Key[0] is '4' or '5')
            .SelectMany(response => response.Value.Content!["application/json"].Examples!);

    private async Task<string> GetCursorAsync() => (string)(await SendAsync(TasksPath, "limit=1")).Json["data"]!["cursor"]!;

    private void AssertMatchesExample(string path, string name, Reply reply)
    {
        var documented = GetOperation(path).Responses![$"{reply.Status}"];
        var example = documented.Content!["application/json"].Examples![name].Value!;

        Assert.That(ToJsonWithoutRequestId(reply.Json), Is.EqualTo(ToJsonWithoutRequestId(example)), name);
        AssertHeaders(documented, header => reply[header]);
    }

    // Every request has its own id.
    private static string ToJsonWithoutRequestId(JsonNode error)
    {
        var copy = error.DeepClone();
        copy["request_id"] = null;
        return copy.ToJsonString();
    }
}
