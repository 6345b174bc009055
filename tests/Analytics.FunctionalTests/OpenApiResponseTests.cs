using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The documented responses are actual ones, and the schemas describe every property.</summary>
internal sealed class OpenApiResponseTests : OpenApiFixture
{
    private const string Json = "application/json";
    private const string AllIncludes = "include=reconciliation,components,meta";

    private static readonly (string Path, string Query)[] Requests =
    [
        (AnalyticsPath, ""),
        (AnalyticsPath, $"date_range=7d&interval=day&compare=previous_period&group_by=space,agent&limit=2&{AllIncludes}"),
        (AnalyticsPath, $"date_range=7d&compare=previous_year&group_by=agent&{AllIncludes}"),
        (AnalyticsPath, $"group_by=direction&{AllIncludes}&made_up=1"),
        (AnalyticsPath, $"date_range=7d&compare=previous_year&agent=nobody&{AllIncludes}"),
        (AnalyticsPath, "date_range=30d&compare=previous_period"),
        (AnalyticsPath, "date_range=week&interval=day&compare=previous_period&include=components,meta"),
        (TasksPath, ""),
        (AnalyticsPath, "group_by=run"),
        (AnalyticsPath, "group_by=label"),
        (AnalyticsPath, "date_range=7d&group_by=day_of_week,hour_of_day"),
        (TasksPath, "execution_type=email"),
        (TasksPath, "limit=2&include=total"),
        (TasksPath, "agent=nobody"),
        (TasksPath, "execution_type=fax&include=total"),
        (DefinitionsPath, ""),
        (OrganisationsPath, ""),
        (SpacesPath, ""),
        (SpacesPath, "limit=1"),
        ("/health/live", ""),
        ("/health/ready", ""),
    ];

    private static readonly string[] InvalidQueries = ["interval=day", "date_range=2d&limit=0&space_token=-"];

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(DefinitionsPath), TestCase(OrganisationsPath), TestCase(SpacesPath)]
    [TestCase("/health/live"), TestCase("/health/ready")]
    public async Task Documented_examples_match_real_responses(string path)
    {
        var documented = GetOperation(path).Responses!["200"];
        foreach (var (type, content) in documented.Content!)
        {
            Assert.That(content.Examples, Is.Not.Empty, type);
            foreach (var (name, example) in content.Examples!)
            {
                var reply = await SendAsync(path, GetExampleQuery(example));

                Assert.That(reply["Content-Type"]?.Split(';')[0], Is.EqualTo(type), name);
                Assert.That(type == Json ? ToExampleForm(reply, example.Value!) : reply.Body,
                    Is.EqualTo(type == Json ? example.Value!.ToJsonString() : example.Value!.GetValue<string>()), name);
                Assert.That(reply["Content-Disposition"], type == Json ? Is.Null : Does.EndWith($".{type.Split('/', '-')[^1]}\""), name);
                AssertHeaders(documented, header => reply[header]);
            }
        }
    }

    [Test]
    public async Task Documented_Link_header_matches_the_real_one()
    {
        var documented = GetOperation(TasksPath).Responses!["200"];
        var reply = await SendAsync(TasksPath, GetExampleQuery(documented.Content![Json].Examples!["Page"]));

        Assert.That(reply["Link"], Is.EqualTo($"{documented.Headers!["Link"].Example}"));
    }

    [Test]
    public async Task Documented_event_matches_a_real_one()
    {
        var documented = GetOperation(StreamPath).Responses!["200"];
        var example = documented.Content!.Single(content => content.Key == "text/event-stream").Value.Examples!.Single().Value;
        using var stream = await Service.OpenStreamAsync(DocumentedDemo.Request with { Query = GetExampleQuery(example) });
        var realEvent = await stream.ReadNextEventAsync();

        var lines = example.Value!.GetValue<string>().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4).And.ItemAt(3).Empty, "A blank line ends an event");
        Assert.That(ServerSentEvent.Parse(lines) with { Id = realEvent!.Id }, Is.EqualTo(realEvent));
        Assert.That(ServerSentEvent.Parse(lines).Id, Does.Match("^\"[A-Za-z0-9_-]{24}\"$"));
        Assert.That(realEvent.Id, Does.Match("^\"[A-Za-z0-9_-]{24}\"$"));
        AssertHeaders(documented, header => stream[header]);
    }

    [Test]
    public async Task Not_modified_response_has_the_documented_304_headers()
    {
        var first = await SendAsync(AnalyticsPath);
        var second = await Service.SendAsync(DocumentedDemo.Request with { Headers = [("If-None-Match", first["ETag"]!)] });

        Assert.That(second.Status, Is.EqualTo(304));
        AssertHeaders(GetOperation(AnalyticsPath).Responses!["304"], header => second[header]);
    }

    [Test]
    public async Task Real_responses_match_the_schemas_and_cover_every_property()
    {
        var validator = new SchemaValidator();
        foreach (var (path, query) in Requests)
        {
            AssertMatchesSchema(validator, path, await SendAsync(path, query));
        }

        AssertMatchesSchema(
            validator,
            AnalyticsPath,
            await Service.SendAsync(DocumentedDemo.Request with { Product = "unpod.fm", Query = "include=meta" }));

        // A page of organisations that another one follows.
        const string MemberOfTwo = "2";
        foreach (var id in new[] { 2, 3 })
        {
            await Service.AddOrganisationAsync(id, $"org{id}.example");
            await Service.AddMemberAsync(id, MemberOfTwo);
        }

        var memberOfTwo = new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(MemberOfTwo) };
        AssertMatchesSchema(validator, OrganisationsPath, await Service.ListOrganisationsAsync("limit=1", memberOfTwo));

        foreach (var query in InvalidQueries)
        {
            AssertMatchesSchema(validator, AnalyticsPath, await SendAsync(AnalyticsPath, query));
        }

        var push = PushRequest.FromText("""
            {}
            {"task_id":"a"}
            """) with { Handle = DocumentedDemo.Request.Handle, Authorization = DocumentedDemo.Request.Authorization };
        var array = push with { Body = "[{}]"u8.ToArray(), ContentType = "application/json" };
        foreach (var rejected in new[] { await Service.PushAsync(push), await Service.PushAsync(array) })
        {
            Assert.That(validator.Validate(
                GetOperation(PushRequest.Path, HttpMethod.Post).Responses!["200"].Content![Json].Schema!, rejected.Json),
                Is.Empty);
        }

        Assert.That(validator.FindUncoveredProperties(Document.Components!.Schemas!.Where(schema => schema.Key != "PushedTask")), Is.Empty,
            "Some response has every property, and null for every nullable one");
    }

    [TestCase(AnalyticsPath, "format=ndjson", "AnalyticsData")]
    [TestCase(AnalyticsPath, "date_range=7d&interval=day&include=components&format=ndjson", "SeriesRow")]
    [TestCase(AnalyticsPath, "group_by=space,direction&include=reconciliation&format=ndjson", "GroupRow")]
    [TestCase(TasksPath, "date_range=7d&format=ndjson", "ListedTask")]
    public async Task Ndjson_line_matches_the_row_schema(string path, string query, string schema)
    {
        var rows = (await SendAsync(path, query)).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(rows.SelectMany(row => new SchemaValidator().Validate(Document.Components!.Schemas![schema], JsonNode.Parse(row))),
            Is.Empty);
        Assert.That(rows, Is.Not.Empty);
    }

    [Test]
    public void Documented_examples_match_their_schemas()
    {
        var contents =
            Document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Responses!.Values)
            .SelectMany(response => response.Content?.Values ?? []);
        var examples = contents.SelectMany(
            content => content.Examples!, (content, example) => (content.Schema, Name: example.Key, example.Value.Value)).ToList();

        Assert.That(examples.SelectMany(example => new SchemaValidator().Validate(example.Schema!, example.Value, example.Name)), Is.Empty);
        Assert.That(examples, Has.Count.GreaterThan(20));
    }

    private void AssertMatchesSchema(SchemaValidator validator, string path, Reply reply) =>
        Assert.That(validator.Validate(GetOperation(path).Responses![$"{reply.Status}"].Content![Json].Schema!, reply.Json), Is.Empty,
            path);

    // The response, with the versions of the example, and no more rows of the series than the example shows.
    private static string ToExampleForm(Reply reply, JsonNode example)
    {
        var response = reply.Json;
        if (example["data"]?["version"] is { } version)
        {
            response["data"]!["version"] = version.DeepClone();
        }

        if (example["data"]?["meta"]?["tzdb_version"] is { } tzdbVersion)
        {
            response["data"]!["meta"]!["tzdb_version"] = tzdbVersion.DeepClone();
        }

        if (example["data"]?["series"] is JsonArray rows)
        {
            var series = response["data"]!["series"]!.AsArray();
            series.RemoveRange(rows.Count, series.Count - rows.Count);
        }

        return response.ToJsonString();
    }
}
