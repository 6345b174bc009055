using OpenTelemetry.Instrumentation.AspNetCore;

namespace Analytics.Api.Telemetry;

/// <summary>What a request's span says: the route and the request's id, and nothing in the client's own words.</summary>
internal static class ServerSpan
{
    private const string RequestId = "http.response.header.x-request-id";

    /// <summary>Each may hold whatever a client sends: a token in a path, say.</summary>
    private static readonly string[] ClientSuppliedTags =
        ["url.path", "url.query", "server.address", "server.port", "http.request.method_original", "user_agent.original", "client.address"];

    public static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
        options.EnrichWithHttpRequest = (span, _) =>
        {
            span.TraceStateString = null;
            foreach (var tag in ClientSuppliedTags)
            {
                span.SetTag(tag, null);
            }
        };
        options.EnrichWithHttpResponse = (span, response) => span.SetTag(RequestId, new[] { response.HttpContext.TraceIdentifier });
    }
}
