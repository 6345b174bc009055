using Analytics.Api.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>What the document says once, for all operations.</summary>
internal static class DocumentTransformer
{
    public const string Title = "Analytics API";

    private static readonly string Description =
        $$"""
        The Analytics API lets you fetch call analytics and task status for an organization.

        **Parameters**: without any, Get Analytics is over all time. A blank one is absent, but for `agent` and `direction`; any but
        `agent` given twice is 400. One that there is not is 400, but Get Analytics goes on and lists it in `meta.ignored`.

        **Errors** have one body: `{"status_code":401,"message":"…"}`, then `request_id` and, on 400, `errors` (each input
        with the rules that it breaks). An unknown route answers 404 `{{ErrorTable.GetError(StatusCodes.Status404NotFound).Message}}`,
        and another method 405 `{{ErrorTable.GetError(StatusCodes.Status405MethodNotAllowed).Message}}` with the methods that there are in `Allow`.

        **Freshness**: an acknowledged write is in the next read. Send the `ETag` of the answer that you hold as
        `If-None-Match`: unless the numbers have changed, the answer is 304 without a body.

        **Limits**: of a caller, and of an address without a valid token, so many requests a minute are answered; `RateLimit-Policy` and
        `RateLimit` say how many and what is left, and the 429 beyond comes with `Retry-After`.

        **Support**: every response has an `X-Request-Id`. Quote it, and the log tells what became of the request.
        """;

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = Title, Version = "1.0.0", Description = Description };

        // By default the host that was asked: clients take the document's own address instead, and the text never varies.
        document.Servers = null;

        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Analytics", Description = "How an organisation's calls and tasks are going." },
            new() { Name = "Tasks", Description = "An organisation's tasks, as its partners send them." },
            new() { Name = "Health", Description = "Whether to restart the service, and whether to send it requests." },
        };

        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = SecuritySchemes.All;
        components.Parameters = QueryParameters.All.Concat(HeaderParameters.Headers).ToDictionary(StringComparer.Ordinal);
        components.Headers = ResponseHeaderDocs.Headers;

        document.Paths = AddTrailingSlashes(document.Paths);
        return Task.CompletedTask;
    }

    /// <summary>The platform's routes answer with and without a final slash; they are known by the form that has it.</summary>
    private static OpenApiPaths AddTrailingSlashes(OpenApiPaths paths)
    {
        var result = new OpenApiPaths();
        foreach (var (path, item) in paths)
        {
            result.Add(path.StartsWith("/api/", StringComparison.Ordinal) ? $"{path}/" : path, item);
        }

        return result;
    }
}
