using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The documentation of the push describes its behaviour.</summary>
internal sealed partial class OpenApiPushTests : OpenApiFixture
{
    private const string Json = "application/json";

    // Errors that no request causes by itself.
    private static readonly string[] EnvironmentErrors =
        ["Unavailable", "Overloaded", "AnonymousRateLimitExceeded", "UserRateLimitExceeded", "IssuerUnavailable", "InternalError"];

    private static readonly Dictionary<string, Func<PushRequest, PushRequest>> InvalidRequests = new(StringComparer.Ordinal)
    {
        ["OrgHandleMissing"] = push => push with { Handle = null },
        ["ProductIdInvalid"] = push => push with { Product = "unpod dev" },
        ["CredentialsMissing"] = push => push with { Authorization = null },
        ["SchemeMissing"] = push => push with { Authorization = Tokens.Create(DemoData.UserId) },
        ["TokenInvalid"] = push => push with { Authorization = "jwt of nobody" },
        ["OrganizationNotFound"] = push => push with { Handle = "nobody.example" },
        ["WriteForbidden"] = push => push with { Authorization = Tokens.CreateAuthorization("viewer") },
        ["ParameterUnknown"] = push => push with { Target = $"{PushRequest.Path}?interval=day" },
        ["BodyNotGzip"] = push => push with { ContentEncoding = "gzip" },
        ["BodyNotArray"] = push => push with { ContentType = "application/json" },
        ["BodyNotUtf8"] = push => push with { Body = new byte[] { 0xFF } },
        ["BodyTooLarge"] = push => push with { Body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 10_001))) },
        ["UnsupportedMediaType"] = push => push with { ContentType = "text/csv" },
        ["UnsupportedEncoding"] = push => push with { ContentEncoding = "br" },
    };

    private OpenApiOperation Documented => GetOperation(PushRequest.Path, HttpMethod.Post);

    private PushRequest Example =>
        PushRequest.FromText(Documented.RequestBody!.Content!["application/x-ndjson"].Example!.GetValue<string>()) with {
            Handle = DemoData.Handle, Authorization = Tokens.CreateAuthorization(DemoData.UserId) };

    [Test]
    public async Task Documented_push_response_matches_the_real_one()
    {
        await using var service = await StartAsync(viewer: null);
        var reply = await service.PushAsync(Example);

        var documented = Documented.Responses!["200"];
        Assert.That(reply.Json.ToJsonString(), Is.EqualTo(documented.Content![Json].Examples!.Values.Single().Value!.ToJsonString()));
        Assert.That(new SchemaValidator().Validate(documented.Content[Json].Schema!, reply.Json), Is.Empty);
        AssertHeaders(documented, header => reply[header]);
    }

    [Test]
    public async Task Documented_push_errors_match_real_ones()
    {
        await using var service = await StartAsync("viewer");
        var documented =
            Documented.Responses!.Where(response => response.Key != "200").SelectMany(response => response.Value.Content![Json].Examples!,
                (response, example) => (Status: response.Key, example.Key, example.Value.Value)).ToList();
        Assert.That(documented.Select(error => error.Key), Is.EquivalentTo([.. InvalidRequests.Keys, .. EnvironmentErrors]));

        foreach (var (status, name, body) in documented.Where(error => InvalidRequests.ContainsKey(error.Key)))
        {
            var reply = await service.PushAsync(InvalidRequests[name](Example));

            Assert.That(($"{reply.Status}", ToJsonWithoutRequestId(reply.Json)), Is.EqualTo((status, ToJsonWithoutRequestId(body!))), name);
            AssertHeaders(Documented.Responses![status], header => reply[header]);
        }
    }

    [Test]
    public async Task Documented_line_keys_match_the_accepted_ones()
    {
        await using var service = await StartAsync(viewer: null);
        var reply = await service.PushAsync(Example with { Body = "{\"made_up\":1}"u8.ToArray() });

        var known = reply.GetErrors().Single().Message.TrimEnd('.').Split("the keys are ")[1].Split(", ");
        var rows = Documented.RequestBody!.Description!.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1]);
        Assert.That(rows.SelectMany(cell => KeyPattern().Matches(cell)).Select(name => name.Value), Is.EquivalentTo(known));

        var task = Document.Components!.Schemas!["PushedTask"];
        Assert.That(task.Properties!.Keys, Is.EquivalentTo(known));
        Assert.That(task.Properties.Where(property => property.Value.Type!.Value.HasFlag(JsonSchemaType.Null))
            .Select(property => property.Key),
            Is.EquivalentTo(known.Except(task.Required!)), "Clients send null for what they do not set");
    }

    [Test]
    public void Documented_bodies_match_the_schema_of_a_task()
    {
        var content = Documented.RequestBody!.Content!;
        var tasks = content["application/x-ndjson"].Example!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)).ToArray();

        Assert.That(content[Json].Example!.ToJsonString(), Is.EqualTo(new JsonArray(tasks).ToJsonString()));
        Assert.That(new SchemaValidator().Validate(content[Json].Schema!, content[Json].Example), Is.Empty);
    }

    private static async Task<AnalyticsService> StartAsync(string? viewer)
    {
        var service = await AnalyticsService.StartWithDemoAsync();
        if (viewer is not null)
        {
            await service.AddMemberAsync(DemoData.OrganisationId, viewer);
        }

        return service;
    }

    private static string ToJsonWithoutRequestId(JsonNode error)
    {
        var copy = error.DeepClone();
        copy["request_id"] = null;
        return copy.ToJsonString();
    }

    [GeneratedRegex("[a-z_]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeyPattern();
}
