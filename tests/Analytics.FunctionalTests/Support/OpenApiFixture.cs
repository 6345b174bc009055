using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Analytics.FunctionalTests.Support;

/// <summary>The document, and the service whose answers it shows.</summary>
internal abstract class OpenApiFixture
{
    protected const string Analytics = Question.Analytics;
    protected const string Tasks = TaskPages.Path;
    protected const string Stream = EventStream.Path;
    protected const string Definitions = $"{Question.Analytics}definitions/";

    /// <summary>What differs from one answer to the next.</summary>
    private static readonly string[] NamesOfTheirOwn = ["ETag", "X-Request-Id", "Content-Disposition"];

    protected AnalyticsService Service { get; private set; } = null!;

    protected string Served { get; private set; } = null!;

    protected ReadResult Read { get; private set; } = null!;

    protected OpenApiDocument Document => Read.Document!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Service = await DocumentedDemo.StartAsync();
        Served = (await Service.AskAsync("/openapi/v1.json")).Body;
        Read = OpenApiDocument.Parse(Served, "json");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected static void AssertHeaders(IOpenApiResponse documented, Func<string, string?> real)
    {
        foreach (var (name, header) in documented.Headers!)
        {
            var value = real(name);
            if (header.Required || value is not null)
            {
                Assert.That(value, NamesOfTheirOwn.Contains(name) ? Is.Not.Null.And.Not.Empty : Is.EqualTo($"{header.Example}"), name);
            }
        }
    }

    /// <summary>What is asked for an example, if anything is.</summary>
    protected static string? QueryOf(IOpenApiExample example) => example.Description?.Split('`')[1];

    protected OpenApiOperation Get(string path) => Document.Paths[path].Operations![HttpMethod.Get];

    protected IReadOnlyList<IOpenApiParameter> Parameters(string path) => [.. Get(path).Parameters!.Where(parameter => parameter.In == ParameterLocation.Query)];

    protected Task<Reply> AskAsync(string path, string? query = null) => Service.AskAsync(DocumentedDemo.Question with { Path = path, Query = query });
}
