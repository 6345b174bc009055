using Analytics.Api.Authentication;
using Analytics.Api.RateLimiting;
using Analytics.Application.Organisations;
using Microsoft.AspNetCore.Authorization;

namespace Analytics.Api.Controllers;

/// <summary>Base of all organisation-scoped routes: reads the scope from the request and writes the ETag.</summary>
[Authorize]
[RequiresDatabase]
[Produces("application/json")]
public abstract class OrganisationController : ControllerBase
{
    internal const string CacheControl = "private, no-cache";
    internal const string Vary = "Authorization, Org-Handle, Product-Id, Accept, Origin";

    /// <summary>The user and headers of the request.</summary>
    protected OrganisationScope Scope => new(
        User.GetUserId(),
        Request.Headers[ParameterNames.OrgHandle],
        Request.Headers[ParameterNames.ProductId],
        [.. Request.GetTypedHeaders().IfNoneMatch.Select(etag => etag.Tag.ToString())]);

    /// <summary>200 with the data, or 304 if the response has no value.</summary>
    protected IActionResult ToResult<T>(Versioned<T> response, string message)
        where T : class
    {
        SetCacheHeaders(response);
        return response.Value is null
            ? StatusCode(StatusCodes.Status304NotModified)
            : new CachedJsonResult<T>(response, message);
    }

    /// <summary>Sets <c>ETag</c>, <c>Cache-Control</c> and <c>Vary</c>.</summary>
    protected void SetCacheHeaders<T>(Versioned<T> response)
    {
        Response.Headers.ETag = response.ETag;
        SetCacheHeaders(Response);
    }

    internal static void SetCacheHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = CacheControl;
        response.Headers.Vary = Vary;
    }
}

internal static class ApiResponse
{
    public static ApiResponse<T> Create<T>(string message, T data)
        where T : class =>
        new() { StatusCode = StatusCodes.Status200OK, Message = message, Data = data };
}

/// <summary>The envelope of every successful response.</summary>
/// <typeparam name="T">The data.</typeparam>
public sealed record ApiResponse<T>
    where T : class
{
    /// <summary>The same as the HTTP status.</summary>
    public required int StatusCode { get; init; }

    /// <summary>One sentence for humans.</summary>
    public required string Message { get; init; }

    /// <summary>The data.</summary>
    public required T Data { get; init; }
}
