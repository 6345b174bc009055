using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The documented errors are the real ones.</summary>
internal sealed class OpenApiErrorTests : OpenApiFixture
{
    /// <summary>What no request brings about by itself.</summary>
    private static readonly string[] Faults = ["Unavailable", "Overloaded", "ConcurrentChange", "IssuerUnavailable", "ExportLimitOfService", "ExportLimitOfUser", "StreamLimitOfService", "StreamLimitOfUser", "AnonymousRateLimitExceeded", "UserRateLimitExceeded", "InternalError"];

    /// <summary>How the documented request must change for each documented error.</summary>
    private static readonly Dictionary<string, Func<AnalyticsRequest, AnalyticsRequest>> Provoked = new(StringComparer.Ordinal)
    {
        ["OrgHandleMissing"] = question => question with { Handle = null },
        ["ProductIdInvalid"] = question => question with { Product = "unpod dev" },
        ["CredentialsMissing"] = question => question with { Authorization = null },
        ["TokenInvalid"] = question => question with { Authorization = "jwt of nobody" },
        ["OrganizationNotFound"] = question => question with { Handle = "nobody.example" },
        ["SpaceTokenInvalid"] = Asking("space_token=F1O3-QJM1"),
        ["SpaceTokenRepeated"] = Asking($"space_token={DemoData.SpaceToken}&space_token={DemoData.SpaceToken}"),
        ["SpaceNotFound"] = Asking("space_token=N0SUCHSPACE"),
        ["DateRangeUnknown"] = Asking("date_range=2d"),
        ["DateRangeAndDates"] = Asking("date_range=7d&start_date=2026-11-01"),
        ["DateNotAligned"] = Asking("start_date=2026-11-01T10:05:00Z"),
        ["DatesReversed"] = Asking("start_date=2026-11-02&end_date=2026-11-01"),
        ["TimezoneUnknown"] = Asking("timezone=India%20Standard%20Time"),
        ["LimitInvalid"] = Asking("limit=0"),
        ["IntervalUnbounded"] = Asking("interval=day"),
        ["IntervalTooLong"] = Asking("interval=hour&date_range=91d"),
        ["GroupByInvalid"] = Asking("group_by=agent,agent"),
        ["TableWithSeriesAndGroups"] = Asking("format=csv&date_range=7d&interval=day&group_by=agent"),
        ["FormatOfStream"] = Asking("format=csv"),
        ["OutcomeUnknown"] = Asking("outcome=won"),
        ["CursorInvalid"] = Asking("cursor=2"),
        ["PagingOfTable"] = Asking("format=csv&limit=10"),
        ["ParameterUnknown"] = question => question with { Query = question.Path == StreamPath ? "outcome=interested" : "interval=day" },
    };

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath), TestCase(DefinitionsPath)]
    public async Task TheDocumentedErrorsAreTheRealOnes(string path)
    {
        var names = ExamplesOf(path).Select(example => example.Key).Except(Faults).ToList();
        foreach (var name in names)
        {
            var change = name == "CursorMismatch" ? Asking($"agent=asha&cursor={await CursorAsync()}") : Provoked[name];
            AssertError(path, name, await Service.SendAsync(change(DocumentedDemo.Request with { Path = path })));
        }

        Assert.That(names, Has.Count.GreaterThan(2));
    }

    [Test]
    public void EveryErrorThatIsProvokedIsDocumented()
    {
        var documented = new[] { AnalyticsPath, TasksPath, StreamPath, DefinitionsPath }.SelectMany(ExamplesOf).Select(example => example.Key).Distinct(StringComparer.Ordinal);

        Assert.That(documented, Is.EquivalentTo([.. Provoked.Keys, "CursorMismatch", .. Faults]));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath), TestCase("/health/ready")]
    public async Task TheDocumentedFailureIsTheRealOne(string path)
    {
        await using var service = await DocumentedDemo.StartAsync();
        File.Delete(service.DatabaseFile);

        AssertError(path, "Unavailable", await service.SendAsync(DocumentedDemo.Request with { Path = path }));
        Assert.That(GetOperation(path).Responses!["503"].Content!["application/json"].Examples!.Values.Select(example => example.Value!.ToJsonString()).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1), "What is too busy says the same");
    }

    [Test]
    public async Task TheDocumentedLimitOfStreamsIsTheRealOne()
    {
        var streams = new List<EventStream>();
        try
        {
            for (var i = 0; i < 5; i++)
            {
                streams.Add(await Service.OpenStreamAsync(DocumentedDemo.Request));
            }

            AssertError(StreamPath, "StreamLimitOfUser", await Service.SendAsync(DocumentedDemo.Request with { Path = StreamPath }));
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static Func<AnalyticsRequest, AnalyticsRequest> Asking(string query) => question => question with { Query = query };

    private IEnumerable<KeyValuePair<string, IOpenApiExample>> ExamplesOf(string path) =>
        GetOperation(path).Responses!.Where(response => response.Key[0] is '4' or '5').SelectMany(response => response.Value.Content!["application/json"].Examples!);

    private async Task<string> CursorAsync() => (string)(await SendAsync(TasksPath, "limit=1")).Json["data"]!["cursor"]!;

    private void AssertError(string path, string name, Reply reply)
    {
        var documented = GetOperation(path).Responses![$"{reply.Status}"];
        var example = documented.Content!["application/json"].Examples![name].Value!;

        Assert.That(WithoutName(reply.Json), Is.EqualTo(WithoutName(example)), name);
        AssertHeaders(documented, header => reply[header]);
    }

    /// <summary>Every request has a name of its own.</summary>
    private static string WithoutName(JsonNode error)
    {
        var rest = error.DeepClone();
        rest["request_id"] = null;
        return rest.ToJsonString();
    }
}
