using Microsoft.AspNetCore.Diagnostics;

namespace Analytics.Api.Telemetry;

/// <summary>Names a request in logs. Paths and methods are the client's input and may contain a token, so they are never logged.</summary>
internal static class RequestLogExtensions
{
    private const string NoRoute = "none";
    private const string OtherMethod = "_OTHER";

    private static readonly object WarmUpMarker = new();

    private static readonly string[] KnownMethods =
    [
        HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete,
        HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect,
    ];

    public static void MarkAsWarmUp(this HttpContext context) => context.Items[WarmUpMarker] = true;

    /// <summary>Whether the service itself sent the request.</summary>
    public static bool IsWarmUp(this HttpContext context) => context.Items.ContainsKey(WarmUpMarker);

    public static string GetRouteTemplate(this HttpContext context)
    {
        // The exception handler middleware resets the endpoint.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
    }

    public static string GetKnownMethod(this HttpRequest request) =>
        KnownMethods.Contains(request.Method, StringComparer.Ordinal) ? request.Method : OtherMethod;
}
