using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The document equals the committed one, covers every action, and matches the behaviour of the service.</summary>
internal sealed class OpenApiTests : OpenApiFixture
{
    private const string RefreshCommand = "{ curl -s http://127.0.0.1:8000/openapi/v1.json; echo; } > build/openapi.json";

    [Test]
    public async Task Served_document_matches_the_committed_one() =>
        Assert.That($"{ServedJson}\n", Is.EqualTo(await File.ReadAllTextAsync(GetCommittedFilePath())),
            $"If the contract is meant to change, start the service and run: {RefreshCommand}");

    [Test]
    public async Task Document_does_not_depend_on_the_host()
    {
        using var client = Service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "openapi/v1.json") { Headers = { Host = "analytics.example" } };
        using var response = await client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(ServedJson));
    }

    [Test]
    public async Task Failed_generation_is_retried_by_the_next_request()
    {
        var documents = new FailingOnceDocumentProvider();
        await using var service = await AnalyticsService.StartAsync(
            DatabaseEngine.Sqlite,
            services => services.AddKeyedSingleton<IOpenApiDocumentProvider>("v1", documents),
            ("Logging:LogLevel:Default", "None"));

        var statuses = new List<int>();
        for (var request = 0; request < 3; request++)
        {
            statuses.Add((await service.SendAsync("/openapi/v1.json")).Status);
        }

        Assert.That((statuses, documents.Generated), Is.EqualTo((new[] { 500, 200, 200 }, 2)));
    }

    [Test]
    public void Document_is_valid_OpenAPI_3_1()
    {
        Assert.That(ParsedDocument.Diagnostic!.Errors, Is.Empty);
        Assert.That(ParsedDocument.Diagnostic.Warnings, Is.Empty);
        Assert.That(ParsedDocument.Diagnostic.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
    }

    [Test]
    public void Every_action_is_documented_with_a_unique_operation_id()
    {
        var documented =
            Document.Paths.SelectMany(path => path.Value.Operations!, (path, operation) => $"{operation.Key} {path.Key}");
        var routed = from endpoint in Service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
                     where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
                     from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                     where method != HttpMethods.Head
                     select $"{method} /{endpoint.RoutePattern.RawText}";

        Assert.That(documented, Is.EquivalentTo(routed.Distinct(StringComparer.Ordinal)));
        Assert.That(Document.Paths.Values.SelectMany(path => path.Operations!.Values).Select(operation => operation.OperationId),
            Is.Unique.And.All.Not.Empty);
    }

    [Test]
    public void Only_anonymous_operations_have_no_security_requirement()
    {
        var anonymous = Document.Paths.Where(path => path.Value.Operations!.Values.Any(operation => operation.Security is { Count: 0 }));

        Assert.That(anonymous.Select(path => path.Key), Is.EquivalentTo(["/health/live", "/health/ready"]));
        Assert.That(Document.Security, Has.Count.EqualTo(2));
    }

    [Test]
    public void Enums_are_named_and_have_no_empty_value()
    {
        using var document = JsonDocument.Parse(ServedJson);
        var enums = FindEnums(document.RootElement, "").ToList();

        Assert.That(enums.Select(value => value.Path), Has.All.Match("^/components/schemas/[A-Za-z]+$"));
        Assert.That(Document.Components!.Schemas!.Values.Where(schema => schema.Enum is { Count: > 0 }).Select(schema => schema.Type),
            Has.All.EqualTo(JsonSchemaType.String));
        Assert.That(enums.SelectMany(value => value.Values), Has.All.Not.Empty.And.All.Not.Null);
    }

    [Test]
    public async Task Docs_page_loads_nothing_from_other_hosts()
    {
        using var client = Service.CreateClient();
        var page = await client.GetStringAsync(new Uri("docs", UriKind.Relative));

        Assert.That(page, Does.Not.Contain("//"), "No address of another host, with or without its scheme");
        foreach (var script in Regex.Matches(page, "(?<=<script[^>]* src=\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(match => match.Value))
        {
            using var response = await client.GetAsync(new Uri($"docs/{script}", UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), script);
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/javascript").Or.EqualTo("application/javascript"),
                "With nosniff a script needs its content type");
        }
    }

    [Test]
    public async Task Docs_page_runs_only_scripts_with_the_nonce_of_its_response_and_cannot_be_framed()
    {
        var pages = new[] { await Service.SendAsync("/docs/"), await Service.SendAsync("/docs/") };

        var nonces = pages.Select(page =>
            Regex.Match(page["Content-Security-Policy"]!, "(?<='nonce-)[^']+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value).ToList();
        Assert.That(nonces, Is.Unique.And.All.Length.EqualTo(22));
        foreach (var (page, nonce) in pages.Zip(nonces))
        {
            var directives = page["Content-Security-Policy"]!.Split("; ");
            Assert.That(directives, Has.Member($"script-src 'nonce-{nonce}'").And.Member("frame-ancestors 'none'"));
            Assert.That(page.Body.Split("<script").Skip(1), Is.Not.Empty.And.All.Contains($" nonce=\"{nonce}\""));
            Assert.That((page["Cache-Control"], page["Referrer-Policy"]), Is.EqualTo(("no-store", "no-referrer")));
        }
    }

    private static IEnumerable<(string Path, IEnumerable<string?> Values)> FindEnums(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
                member.Name == "enum" && member.Value.ValueKind == JsonValueKind.Array
                    ? [(path, member.Value.EnumerateArray().Select(value => value.GetString()).ToList())]
                    : FindEnums(member.Value, $"{path}/{member.Name}")),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(item => FindEnums(item, path)),
            _ => [],
        };

    private static string GetCommittedFilePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Analytics.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the checkout.");
        }

        return Path.Combine(folder.FullName, "build", "openapi.json");
    }

    private sealed class FailingOnceDocumentProvider : IOpenApiDocumentProvider
    {
        public int Generated { get; private set; }

        public Task<OpenApiDocument> GetOpenApiDocumentAsync(CancellationToken cancellationToken = default) =>
            ++Generated == 1 ? throw new InvalidOperationException("The first generation fails.") : Task.FromResult(new OpenApiDocument());
    }
}
