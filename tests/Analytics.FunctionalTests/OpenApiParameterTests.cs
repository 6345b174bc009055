using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.Domain.Organisations;
using Analytics.FunctionalTests.Support;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The documented parameters are those that the service accepts, with the same rules.</summary>
internal sealed partial class OpenApiParameterTests : OpenApiFixture
{
    private const string UndocumentedName = "made_up";

    [TestCase(TasksPath), TestCase(StreamPath), TestCase(OrganisationsPath), TestCase(SpacesPath)]
    public async Task Documented_parameters_are_exactly_those_the_route_accepts(string path)
    {
        var reply = await SendAsync(path, $"{UndocumentedName}=1");

        Assert.That(reply.Message, Does.StartWith($"{UndocumentedName} is not known here; known are "));
        Assert.That(reply.Message.TrimEnd('.').Split("known are ")[1].Split(", "), Is.EquivalentTo(GetParameterNames(path)));
    }

    [Test]
    public async Task Analytics_ignores_only_undocumented_parameters()
    {
        var blank = GetParameterNames(AnalyticsPath).Where(name => name != "include").Select(name => $"{name}=");
        var reply = await SendAsync(AnalyticsPath, string.Join('&', [$"{UndocumentedName}=1", "include=meta", .. blank]));

        Assert.That(reply.Json["data"]!["meta"]!["ignored"]!.AsArray().Select(name => (string?)name), Is.EqualTo([UndocumentedName]));
        Assert.That(GetParameterNames(AnalyticsPath), Is.EqualTo(GetParameterNames(StreamPath)),
            "The stream documents the parameters of both");
    }

    [Test]
    public async Task Definitions_route_has_no_query_parameters()
    {
        Assert.That(GetQueryParameters(DefinitionsPath), Is.Empty);
        Assert.That((await SendAsync(DefinitionsPath, $"{UndocumentedName}=1")).Message,
            Is.EqualTo($"{UndocumentedName} is not known here: there are no parameters."));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task Documented_enum_values_match_the_error_message(string path)
    {
        foreach (var parameter in GetQueryParameters(path).Where(parameter => GetEnumValues(parameter) is not null))
        {
            var reply = await SendAsync(path, $"{parameter.Name}={UndocumentedName}");

            var values = string.Join(", ", GetEnumValues(parameter)!.Where(value => value.Length > 0));
            Assert.That(reply.Status, Is.EqualTo(400), parameter.Name);
            Assert.That(reply.Message,
                Does.Match($"^{parameter.Name} must be (one of |a comma-separated list of )?{values}( or blank)?\\.$"));
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task Every_documented_enum_value_is_accepted(string path)
    {
        foreach (var parameter in GetQueryParameters(path))
        {
            foreach (var value in GetEnumValues(parameter) ?? [])
            {
                // A parameter that needs a range has one; the CSV of a series has no groups.
                var range = parameter.Name is "date_range" ? "" : "&date_range=7d";
                Assert.That((await SendAsync(path, $"{parameter.Name}={value}{range}")).Status, Is.EqualTo(200),
                    $"{parameter.Name}={value}");
            }
        }
    }

    [TestCase(AnalyticsPath, "date_range=7d&interval=day&group_by=agent&include=meta", "timezone", "fill", "limit", "format")]
    [TestCase(TasksPath, "date_range=7d", "timezone", "limit", "format")]
    [TestCase(OrganisationsPath, "", "limit"), TestCase(SpacesPath, "", "limit")]
    public async Task Documented_default_gives_the_same_ETag_as_omitting_the_parameter(
        string path, string query, params string[] withDefault)
    {
        var defaults = GetQueryParameters(path).ToDictionary(
            parameter => parameter.Name!, parameter => DefaultValuePattern().Match(parameter.Description!).Value, StringComparer.Ordinal);
        Assert.That(defaults.Where(parameter => parameter.Value.Length > 0).Select(parameter => parameter.Key),
            Is.EquivalentTo(withDefault));

        var etag = (await SendAsync(path, query))["ETag"];
        foreach (var name in withDefault)
        {
            Assert.That((await SendAsync(path, $"{query}&{name}={defaults[name]}"))["ETag"], Is.EqualTo(etag), name);
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(OrganisationsPath), TestCase(SpacesPath)]
    public async Task Documented_limits_are_enforced(string path)
    {
        var limit = GetQueryParameters(path).Single(parameter => parameter.Name == "limit").Schema!;
        var (minimum, maximum) = (int.Parse(limit.Minimum!, null), int.Parse(limit.Maximum!, null));
        await AssertStatusesAsync(
            path, "limit", ($"{minimum}", 200), ($"{maximum}", 200), ($"{minimum - 1}", 400), ($"{maximum + 1}", 400));

        foreach (var parameter in GetQueryParameters(path).Where(parameter => parameter.Name != "space_token"))
        {
            if ((parameter.Schema!.MaxLength ?? parameter.Schema.Items?.MaxLength) is { } length)
            {
                await AssertStatusesAsync(path, parameter.Name!, (new('a', length), 200), (new('a', length + 1), 400));
            }
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task List_parameters_are_parsed_as_documented(string path)
    {
        var lists = GetQueryParameters(path).Where(parameter => parameter.Schema!.Type == JsonSchemaType.Array).ToList();
        Assert.That(lists.All(list => list.Explode));
        foreach (var list in lists.Where(list => list.Name != "agent" && GetEnumValues(list)!.Length > 1))
        {
            var values = GetEnumValues(list)!;
            var commas = await SendAsync(path, $"{list.Name}={values[0]},{values[1]}");
            var repeats = await SendAsync(path, $"{list.Name}={values[0]}&{list.Name}=&{list.Name}={values[1]}");

            Assert.That((repeats.Status, repeats["ETag"], repeats.Body), Is.EqualTo((200, commas["ETag"], commas.Body)), list.Name);
        }

        Assert.That(await CountTasksAsync("agent=asha&agent=ben"),
            Is.EqualTo(await CountTasksAsync("agent=asha") + await CountTasksAsync("agent=ben")).And.GreaterThan(0));
        Assert.That(await CountTasksAsync("agent=asha,ben"), Is.Zero);
    }

    [TestCase("Org-Handle", Handle.MaxLength)]
    [TestCase("Product-Id", Product.MaxLength)]
    [TestCase("space_token", SpaceToken.MaxLength)]
    public void Documented_pattern_and_max_length_match_the_validation(string parameterName, int maxLength)
    {
        Func<string, bool> isValid = parameterName switch { "Org-Handle" =>
            Handle.IsValid, "Product-Id" => Product.IsValid, _ => SpaceToken.IsValid };
        var schema = GetOperation(AnalyticsPath).Parameters!.Single(parameter => parameter.Name == parameterName).Schema!;
        var characters = Enumerable.Range(1, 0x17f).Select(code => $"a{(char)code}a").ToList();

        Assert.That(schema.Type, Is.EqualTo(JsonSchemaType.String));
        Assert.That(characters.Where(text => Regex.IsMatch(text, schema.Pattern!, RegexOptions.None, TimeSpan.FromSeconds(1))),
            Is.EqualTo(characters.Where(isValid)));
        Assert.That(schema.MaxLength, Is.EqualTo(maxLength));
        Assert.That(isValid(new string('a', maxLength)) && !isValid(new string('a', maxLength + 1)));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath)]
    public void Parameter_examples_form_the_documented_request(string path)
    {
        // The documentation page sends examples that are not disabled, and defaults.
        var sent = GetOperation(path).Parameters!
            .Select(parameter => (parameter.Name, Example: parameter.Examples!.Values.Single()))
            .Where(parameter => parameter.Example.Extensions?.ContainsKey("x-disabled") != true)
            .ToDictionary(parameter => parameter.Name!, parameter => $"{parameter.Example.Value}", StringComparer.Ordinal);

        Assert.That(sent, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["space_token"] = DemoData.SpaceToken,
            ["Org-Handle"] = DemoData.Handle,
            ["Product-Id"] = Product.Default,
        }));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath), TestCase(PushRequest.Path)]
    [TestCase(OrganisationsPath), TestCase(SpacesPath)]
    public void Parameters_and_response_headers_are_described(string path)
    {
        var operation = GetOperation(path, path == PushRequest.Path ? HttpMethod.Post : HttpMethod.Get);

        Assert.That(operation.Parameters!.Where(parameter => string.IsNullOrEmpty(parameter.Description)), Is.Empty);
        Assert.That(operation.Responses!.Values.SelectMany(response => response.Headers!.Values)
            .Where(header => string.IsNullOrEmpty(header.Description)), Is.Empty);
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task Example_of_every_parameter_is_accepted(string path)
    {
        foreach (var parameter in GetQueryParameters(path).Where(parameter => parameter.Name != "cursor"))
        {
            var example = parameter.Examples!.Values.Single().Value!;
            var values = example is JsonArray items ? items.Select(item => $"{item}") : [$"{example}"];
            var query = string.Join('&', values.Select(value => $"{parameter.Name}={value}"));
            var range = parameter.Name is "date_range" or "start_date" or "end_date" ? "" : "&date_range=7d";

            Assert.That((await SendAsync(path, query + range)).Status, Is.EqualTo(200), query);
        }
    }

    [TestCase(OrganisationsPath), TestCase(SpacesPath)]
    public async Task Example_of_every_parameter_of_a_list_is_accepted(string path)
    {
        foreach (var parameter in GetQueryParameters(path))
        {
            await AssertStatusesAsync(path, parameter.Name!, ($"{parameter.Examples!.Values.Single().Value}", 200));
        }
    }

    [TestCase("2026-11-01", true), TestCase("2026-11-01T00:00Z", true), TestCase("2026-11-01T00:00:00-05:30", true)]
    [TestCase("2026-11-01T00:00:00.000Z", true), TestCase("2026-11-01T00:00:00.0000000Z", true)]
    [TestCase("2026-11-01T00:00:00.00000000Z", false), TestCase("2026-11-01T00:00:00", false), TestCase("2026-11-01T00:00:00+0530", false)]
    [TestCase("2026-11", false), TestCase("2026-11-01T00Z", false)]
    public async Task Documented_pattern_of_a_date_matches_the_validation(string date, bool isValid)
    {
        foreach (var name in new[] { "start_date", "end_date" })
        {
            var schema = GetQueryParameters(AnalyticsPath).Single(parameter => parameter.Name == name).Schema!;

            Assert.That(Regex.IsMatch(date, schema.Pattern!, RegexOptions.None, TimeSpan.FromSeconds(1)), Is.EqualTo(isValid));
            await AssertStatusesAsync(AnalyticsPath, name, (Uri.EscapeDataString(date), isValid ? 200 : 400));
        }
    }

    private static string[]? GetEnumValues(IOpenApiParameter parameter) =>
        (parameter.Schema!.Enum ?? parameter.Schema.Items?.Enum) is { Count: > 0 } values
            ? [.. values.Select(value => value.GetValue<string>())] : null;

    private IEnumerable<string> GetParameterNames(string path) => GetQueryParameters(path).Select(parameter => parameter.Name!);

    private async Task<int> CountTasksAsync(string query) =>
        (int)(await SendAsync(AnalyticsPath, query)).Json["data"]!["call_status"]!["total_tasks"]!;

    private async Task AssertStatusesAsync(string path, string name, params (string Value, int Status)[] cases)
    {
        foreach (var (value, status) in cases)
        {
            Assert.That((await SendAsync(path, $"{name}={value}")).Status, Is.EqualTo(status), $"{name}={value}");
        }
    }

    [GeneratedRegex("(?<=Default: `)[^`]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex DefaultValuePattern();
}
