using Analytics.Api.Authentication;
using Analytics.Api.RateLimiting;
using Analytics.Application.Organisations;
using Analytics.Application.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Api.Controllers;

/// <summary>What every route about one organisation shares: the caller, the scope's headers, and the tag of its answer.</summary>
[Authorize]
[RequiresDatabase]
[Produces("application/json")]
public abstract class OrganisationController : ControllerBase
{
    internal const string CacheControl = "private, no-cache";
    internal const string Vary = "Authorization, Org-Handle, Product-Id, Accept, Origin";

    /// <summary>Who asks about which organisation.</summary>
    protected OrganisationScope Scope => new(
        User.GetUserId(),
        Request.Headers[ParameterNames.OrgHandle],
        Request.Headers[ParameterNames.ProductId],
        [.. Request.GetTypedHeaders().IfNoneMatch.Select(etag => etag.Tag.ToString())]);

    /// <summary>200 with the data, or 304 where the caller already holds them.</summary>
    protected IActionResult ToResult<T>(Versioned<T> response, string message)
        where T : class
    {
        SetCacheHeaders(response);
        return response.Value is null
            ? StatusCode(StatusCodes.Status304NotModified)
            : new CachedJsonResult<T>(response, message);
    }

    /// <summary>Names the answer, and says who may keep it.</summary>
    protected void SetCacheHeaders<T>(Versioned<T> response)
    {
        Response.Headers.ETag = response.ETag;
        Response.Headers.CacheControl = CacheControl;
        Response.Headers.Vary = Vary;
    }
}

/// <summary>The envelope of every answer.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record ApiResponse<T>
    where T : class
{
    /// <summary>The HTTP status, again.</summary>
    public required int StatusCode { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>What was asked for.</summary>
    public required T Data { get; init; }
}
