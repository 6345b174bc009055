using System.Text;
using Analytics.Api.Formats;
using Analytics.Application.Organisations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Generates the document once, because that is slow and the route is anonymous. The next request retries a failure.</summary>
internal sealed class CachedDocument([FromKeyedServices(CachedDocument.DocumentName)] IOpenApiDocumentProvider documents) : IDisposable
{
    public const string DocumentName = "v1";

    private const string Vary = "Accept-Encoding, Origin";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SerializedBody _forms = new();
    private volatile byte[]? _json;

    public async Task<IResult> GetAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.Vary = Vary;
        return new BodyResult(_json ?? await GenerateAsync(cancellationToken), BodyResult.Json) { Forms = _forms };
    }

    public void Dispose() => _gate.Dispose();

    private async Task<byte[]> GenerateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_json is null)
            {
                var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
                _json = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken));
            }

            return _json;
        }
        finally
        {
            _gate.Release();
        }
    }
}
