using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>The contract for machines, written once: to make it takes far longer than to send it, and anyone may ask.</summary>
internal sealed class CachedDocument([FromKeyedServices(CachedDocument.DocumentName)] IOpenApiDocumentProvider documents)
{
    public const string DocumentName = "v1";

    private readonly Lazy<Task<string>> _json = new(async () =>
        await (await documents.GetOpenApiDocumentAsync(CancellationToken.None)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));

    public async Task<IResult> GetAsync() => TypedResults.Text(await _json.Value, $"{ResponseHeaderDocs.JsonMediaType}; charset=utf-8");
}
