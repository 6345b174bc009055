using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Generates the document once: that is slow, and the route is anonymous.</summary>
internal sealed class CachedDocument([FromKeyedServices(CachedDocument.DocumentName)] IOpenApiDocumentProvider documents)
{
    public const string DocumentName = "v1";

    private readonly Lazy<Task<string>> _json = new(async () =>
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
    });

    public async Task<IResult> GetAsync() => TypedResults.Text(await _json.Value, $"{ResponseHeaderDocs.JsonMediaType}; charset=utf-8");
}
