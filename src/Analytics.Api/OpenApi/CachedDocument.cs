using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Generates the document once, because that is slow and the route is anonymous. The next request retries a failure.</summary>
internal sealed class CachedDocument([FromKeyedServices(CachedDocument.DocumentName)] IOpenApiDocumentProvider documents) : IDisposable
{
    public const string DocumentName = "v1";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile string? _json;

    public async Task<IResult> GetAsync(CancellationToken cancellationToken) =>
        TypedResults.Text(_json ?? await GenerateAsync(cancellationToken), "application/json; charset=utf-8");

    public void Dispose() => _gate.Dispose();

    private async Task<string> GenerateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_json is null)
            {
                var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
                _json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
            }

            return _json;
        }
        finally
        {
            _gate.Release();
        }
    }
}
