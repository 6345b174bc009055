using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>The contract for machines, written once: to make it takes far longer than to send it, and anyone may ask.</summary>
internal sealed class WrittenDocument([FromKeyedServices(WrittenDocument.Name)] IOpenApiDocumentProvider documents)
{
    public const string Name = "v1";

    private readonly Lazy<Task<string>> _text = new(async () =>
        await (await documents.GetOpenApiDocumentAsync(CancellationToken.None)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));

    public async Task<IResult> AnswerAsync() => TypedResults.Text(await _text.Value, $"{Outputs.Json}; charset=utf-8");
}
