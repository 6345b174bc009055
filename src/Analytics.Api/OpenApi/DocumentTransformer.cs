using Analytics.Api.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class DocumentTransformer
{
    public const string Title = "Analytics API";

    private static readonly string Description =
        $$"""
        The Analytics API lets you fetch call analytics and task status for an organization.

        **Parameters**: without any, Get Analytics covers all time. A blank parameter is treated as absent, except `agent` and
        `direction`; any parameter but `agent` given twice is 400. An unknown parameter is 400, except that Get Analytics ignores it
        and lists it in `meta.ignored`.

        **Errors** have one body: `{"status_code":401,"message":"…"}`, then `request_id` and, on 400, `errors` (each invalid input
        with its messages). An unknown route returns 404 `{{ErrorTable.GetError(StatusCodes.Status404NotFound).Message}}`,
        and another method 405 `{{ErrorTable.GetError(StatusCodes.Status405MethodNotAllowed).Message}}` with the allowed methods in `Allow`.

        **Freshness**: an acknowledged write is visible to the next read. Send the `ETag` of your cached response as
        `If-None-Match`: unless the response has changed, the status is 304 without a body.

        **Rate limits**: requests per minute are limited for each user, and for each address without a valid token. `RateLimit-Policy`
        and `RateLimit` state the limit and what remains; beyond it the status is 429 with `Retry-After`.

        **Support**: every response has an `X-Request-Id`. Quote it in a support request; the log contains it.
        """;

    public static Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = Title, Version = "1.0.0", Description = Description };

        // The default is the request's host. Without it clients use the document's address, and the cached document is always valid.
        document.Servers = null;

        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Analytics", Description = "Call analytics and task statuses of an organisation." },
            new() { Name = "Tasks", Description = "Write an organisation's tasks." },
            new() { Name = "Health", Description = "Liveness and readiness of the service." },
        };

        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = SecuritySchemes.All;
        components.Parameters = ParameterDocs.All;
        components.Headers = ResponseHeaderDocs.Headers;

        // The routes match with and without a trailing slash; the contract documents the form with it.
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths)
        {
            paths.Add(path.StartsWith("/api/", StringComparison.Ordinal) ? $"{path}/" : path, item);
        }

        document.Paths = paths;
        return Task.CompletedTask;
    }
}
