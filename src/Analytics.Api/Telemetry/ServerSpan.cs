using OpenTelemetry.Instrumentation.AspNetCore;

namespace Analytics.Api.Telemetry;

/// <summary>The span of a request has its route and its request id, and no input of the client.</summary>
internal static class ServerSpan
{
    private const string RequestId = "http.response.header.x-request-id";

    // Each may contain whatever the client sends, such as a token in a path.
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
