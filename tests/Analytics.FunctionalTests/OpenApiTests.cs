using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.Domain.Organisations;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Analytics.FunctionalTests;

/// <summary>The document is the committed one, covers every action, and says what the service really does.</summary>
internal sealed class OpenApiTests
{
    private const string Analytics = "/api/v2/platform/organisation/analytics/";
    private const string Refresh = "{ curl -s http://127.0.0.1:8000/openapi/v1.json; echo; } > build/openapi.json";

    /// <summary>What differs from one answer to the next.</summary>
    private static readonly string[] NamesOfTheirOwn = ["ETag", "X-Request-Id"];

    /// <summary>The documented request, and how it must change for each documented error.</summary>
    private static readonly Question Documented = new($"?space_token={DemoData.SpaceToken}", DemoData.Handle, Product.Default, $"jwt {Tokens.For(DemoData.UserId)}");

    private static readonly Dictionary<string, Question> Provoked = new(StringComparer.Ordinal)
    {
        ["OrgHandleMissing"] = Documented with { OrgHandle = null },
        ["ProductIdInvalid"] = Documented with { ProductId = "unpod dev" },
        ["CredentialsMissing"] = Documented with { Authorization = null },
        ["TokenInvalid"] = Documented with { Authorization = "jwt of nobody" },
        ["OrganizationNotFound"] = Documented with { OrgHandle = "nobody.example" },
        ["SpaceTokenInvalid"] = Documented with { Query = "?space_token=F1O3-QJM1" },
        ["SpaceTokenRepeated"] = Documented with { Query = "?space_token=F1O3QJM1&space_token=F1O3QJM1" },
        ["SpaceNotFound"] = Documented with { Query = "?space_token=N0SUCHSPACE" },
    };

    private static IEnumerable<string> ProvokedErrors => Provoked.Keys;

    private AnalyticsService _service = null!;
    private HttpClient _client = null!;
    private string _served = null!;
    private ReadResult _read = null!;

    private OpenApiOperation GetAnalytics => _read.Document!.Paths[Analytics].Operations![HttpMethod.Get];

    [OneTimeSetUp]
    public async Task Start()
    {
        _service = await AnalyticsService.StartWithDemoAsync();
        _client = _service.CreateClient();
        _served = await _client.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative));
        _read = OpenApiDocument.Parse(_served, "json");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task TheServedDocumentIsTheCommittedOne() =>
        Assert.That($"{_served}\n", Is.EqualTo(await File.ReadAllTextAsync(CommittedFile())), $"If the contract is meant to change, start the service and run: {Refresh}");

    [Test]
    public async Task TheDocumentIsTheSameForEveryHost()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "openapi/v1.json") { Headers = { Host = "analytics.example" } };
        using var response = await _client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(_served));
    }

    [Test]
    public void TheDocumentParsesAs31()
    {
        Assert.That(_read.Diagnostic!.Errors, Is.Empty);
        Assert.That(_read.Diagnostic.Warnings, Is.Empty);
        Assert.That(_read.Diagnostic.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
    }

    [Test]
    public void EveryActionIsInTheDocumentUnderANameOfItsOwn()
    {
        var documented = _read.Document!.Paths.SelectMany(path => path.Value.Operations!, (path, operation) => $"{operation.Key} {path.Key.TrimEnd('/')}");
        var routed = from endpoint in _service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                     where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
                     from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                     select $"{method} /{endpoint.RoutePattern.RawText}";

        Assert.That(documented, Is.EquivalentTo(routed.Distinct(StringComparer.Ordinal)));
        Assert.That(_read.Document!.Paths.Values.SelectMany(path => path.Operations!.Values).Select(operation => operation.OperationId), Is.Unique.And.All.Not.Empty);
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase(Analytics)]
    public async Task TheDocumentedAnswerIsTheRealOne(string path)
    {
        var documented = _read.Document!.Paths[path].Operations![HttpMethod.Get].Responses!["200"];
        using var response = await AskAsync(_client, Documented, path);

        AssertSame(documented.Content!["application/json"].Example, await BodyOf(response));
        AssertHeaders(documented, response);
    }

    [Test]
    public void TheDocumentedRequestIsTheExampleOfEachInput()
    {
        var examples = GetAnalytics.Parameters!.Where(input => input.Example is not null).ToDictionary(input => input.Name!, input => input.Example!.GetValue<string>(), StringComparer.Ordinal);

        Assert.That(Documented, Is.EqualTo(Documented with { Query = $"?space_token={examples["space_token"]}", OrgHandle = examples["Org-Handle"], ProductId = examples["Product-Id"] }));
    }

    [Test]
    public async Task AnAnswerThatIsKnownIsTheDocumented304()
    {
        using var first = await AskAsync(_client, Documented);
        using var second = await AskAsync(_client, Documented, knownTag: first.Headers.ETag!.ToString());

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        AssertHeaders(GetAnalytics.Responses!["304"], second);
    }

    [TestCaseSource(nameof(ProvokedErrors))]
    public async Task TheDocumentedErrorIsTheRealOne(string name)
    {
        using var response = await AskAsync(_client, Provoked[name]);

        await AssertError(name, response);
    }

    [Test]
    public async Task TheDocumentedFailureIsTheRealOne()
    {
        await using var service = await AnalyticsService.StartWithDemoAsync();
        using var client = service.CreateClient();
        File.Delete(service.DatabaseFile);

        using var response = await AskAsync(client, Documented);

        await AssertError("Unavailable", response);
    }

    [Test]
    public void EveryDocumentedErrorButADefectIsProvokedHere() =>
        Assert.That(GetAnalytics.Responses!.Values.SelectMany(response => response.Content?.Values ?? []).SelectMany(content => content.Examples?.Keys ?? []),
            Is.EquivalentTo([.. ProvokedErrors, "Unavailable", "Defect"]));

    [TestCase("Org-Handle", Handle.MaxLength)]
    [TestCase("Product-Id", Product.MaxLength)]
    [TestCase("space_token", SpaceToken.MaxLength)]
    public void TheDocumentedRuleIsTheRealOne(string input, int maxLength)
    {
        Func<string, bool> isValid = input switch { "Org-Handle" => Handle.IsValid, "Product-Id" => Product.IsValid, _ => SpaceToken.IsValid };
        var schema = GetAnalytics.Parameters!.Single(parameter => parameter.Name == input).Schema!;
        var characters = Enumerable.Range(1, 0x17f).Select(code => $"a{(char)code}a").ToList();

        Assert.That(schema.Type, Is.EqualTo(JsonSchemaType.String));
        Assert.That(characters.Where(text => Regex.IsMatch(text, schema.Pattern!, RegexOptions.None, TimeSpan.FromSeconds(1))), Is.EqualTo(characters.Where(isValid)));
        Assert.That(schema.MaxLength, Is.EqualTo(maxLength));
        Assert.That(isValid(new string('a', maxLength)) && !isValid(new string('a', maxLength + 1)));
    }

    [Test]
    public async Task ThePageNeedsNothingFromElsewhere()
    {
        var page = await _client.GetStringAsync(new Uri("docs", UriKind.Relative));

        Assert.That(page, Does.Contain("""<meta http-equiv="Content-Security-Policy" content="default-src 'self' """));
        Assert.That(page, Does.Not.Contain("//"), "No address of another host, with or without its scheme");
        foreach (var script in Regex.Matches(page, "(?<=<script[^>]* src=\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value))
        {
            using var response = await _client.GetAsync(new Uri($"docs/{script}", UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), script);
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/javascript").Or.EqualTo("application/javascript"), "Under nosniff a script needs its type");
        }
    }

    private async Task AssertError(string name, HttpResponseMessage response)
    {
        var documented = GetAnalytics.Responses![$"{(int)response.StatusCode}"];
        var body = await BodyOf(response);
        body["request_id"] = null;
        var example = documented.Content!["application/json"].Examples![name].Value!.DeepClone();
        example["request_id"] = null;

        AssertSame(example, body);
        AssertHeaders(documented, response);
    }

    private static void AssertHeaders(IOpenApiResponse documented, HttpResponseMessage response)
    {
        foreach (var (name, header) in documented.Headers!)
        {
            var value = response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
            Assert.That(value, NamesOfTheirOwn.Contains(name) ? Is.Not.Null.And.Not.Empty : Is.EqualTo($"{header.Example}"), name);
        }
    }

    private static void AssertSame(JsonNode? documented, JsonNode real) => Assert.That(real.ToJsonString(), Is.EqualTo(documented?.ToJsonString()));

    private static async Task<JsonNode> BodyOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, Question question, string path = Analytics, string? knownTag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{path}{question.Query}", UriKind.Relative));
        foreach (var (name, value) in new[] { ("Org-Handle", question.OrgHandle), ("Product-Id", question.ProductId), ("Authorization", question.Authorization), ("If-None-Match", knownTag) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return client.SendAsync(request);
    }

    private static string CommittedFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Analytics.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the checkout.");
        }

        return Path.Combine(folder.FullName, "build", "openapi.json");
    }

    private sealed record Question(string Query, string? OrgHandle, string? ProductId, string? Authorization);
}
