using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Analytics.FunctionalTests.Support;

/// <summary>The document, and the service that its responses come from.</summary>
internal abstract class OpenApiFixture
{
    protected const string AnalyticsPath = AnalyticsRequest.AnalyticsPath;
    protected const string TasksPath = TaskListRequests.Path;
    protected const string StreamPath = EventStream.Path;
    protected const string DefinitionsPath = $"{AnalyticsRequest.AnalyticsPath}definitions/";

    protected const string OrganisationsPath = CatalogueRequests.OrganisationsPath;
    protected const string SpacesPath = CatalogueRequests.SpacesPath;

    // What differs from one response to the next.
    private static readonly string[] VaryingHeaders = ["ETag", "X-Request-Id", "Content-Disposition"];

    protected AnalyticsService Service { get; private set; } = null!;

    protected string ServedJson { get; private set; } = null!;

    protected ReadResult ParsedDocument { get; private set; } = null!;

    protected OpenApiDocument Document => ParsedDocument.Document!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Service = await DocumentedDemo.StartAsync();
        ServedJson = (await Service.SendAsync("/openapi/v1.json")).Body;
        ParsedDocument = OpenApiDocument.Parse(ServedJson, "json");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected static void AssertHeaders(IOpenApiResponse documented, Func<string, string?> getHeader)
    {
        foreach (var (name, header) in documented.Headers!)
        {
            var value = getHeader(name);
            if (header.Required || value is not null)
            {
                Assert.That(value, VaryingHeaders.Contains(name) ? Is.Not.Null.And.Not.Empty : Is.EqualTo($"{header.Example}"), name);
            }
        }
    }

    // The request of an example, if it has one.
    protected static string? GetExampleQuery(IOpenApiExample example) => example.Description?.Split('`')[1];

    // The document has paths without the final slash, because some generators cannot express it.
    protected OpenApiOperation GetOperation(string path, HttpMethod? method = null) =>
        Document.Paths[path.TrimEnd('/')].Operations![method ?? HttpMethod.Get];

    protected IReadOnlyList<IOpenApiParameter> GetQueryParameters(string path) =>
        [.. GetOperation(path).Parameters!.Where(parameter => parameter.In == ParameterLocation.Query)];

    protected Task<Reply> SendAsync(string path, string? query = null) =>
        Service.SendAsync(DocumentedDemo.Request with { Path = path, Query = query });
}
