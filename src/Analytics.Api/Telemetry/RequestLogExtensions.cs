using Microsoft.AspNetCore.Diagnostics;

namespace Analytics.Api.Telemetry;

/// <summary>What a log calls a request: a path or a method can be whatever a client sends, a token included.</summary>
internal static class RequestLogExtensions
{
    private const string NoRoute = "none";
    private const string OtherMethod = "_OTHER";

    private static readonly string[] KnownMethods =
    [
        HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete,
        HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect,
    ];

    /// <summary>The template of its route.</summary>
    public static string GetRouteTemplate(this HttpContext context)
    {
        // Whoever answers an exception does so without the endpoint.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
    }

    /// <summary>Its method, if HTTP knows it.</summary>
    public static string GetKnownMethod(this HttpRequest request) =>
        KnownMethods.Contains(request.Method, StringComparer.Ordinal) ? request.Method : OtherMethod;
}
