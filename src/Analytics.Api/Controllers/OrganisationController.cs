using Analytics.Api.Authentication;
using Analytics.Api.Formats;
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
    internal const string Vary = "Authorization, Org-Handle, Product-Id, Accept, Accept-Encoding, Origin";

    /// <summary>The user and headers of the request.</summary>
    protected OrganisationScope Scope => new(
        User.GetUserId(),
        Request.Headers[ParameterNames.OrgHandle],
        Request.Headers[ParameterNames.ProductId],
        [.. IfNoneMatch.SelectMany(ContentCoding.GetUncompressedETags)]);

    private IEnumerable<string> IfNoneMatch => Request.GetTypedHeaders().IfNoneMatch.Select(etag => etag.Tag.ToString());

    /// <summary>200 with the data, or 304 if the response has no value.</summary>
    protected IActionResult ToResult<T>(Versioned<T> response, string message)
        where T : class
    {
        SetCacheHeaders(response);
        if (response.Value is null)
        {
            Response.Headers.ETag = GetMatchingETag(response.ETag);
            return StatusCode(StatusCodes.Status304NotModified);
        }

        var options = HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        return new BodyResult(ApiResponse.Serialize(response, message, options), BodyResult.Json) { Forms = response.SerializedBody };
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

    // The tag of the response that the client has: of several, the one that it would get now.
    private string GetMatchingETag(string etag)
    {
        var current = ContentCoding.Negotiate(Request)?.AddSuffix(etag);
        return IfNoneMatch
            .Where(tag => ContentCoding.GetUncompressedETags(tag).Contains(etag))
            .OrderByDescending(tag => tag == current)
            .First();
    }
}

internal static class ApiResponse
{
    public static ApiResponse<T> Create<T>(string message, T data)
        where T : class =>
        new() { StatusCode = StatusCodes.Status200OK, Message = message, Data = data };

    /// <summary>200 with data that are not cached.</summary>
    public static BodyResult ToResult<T>(string message, T data, JsonSerializerOptions options)
        where T : class =>
        new(JsonSerializer.SerializeToUtf8Bytes(Create(message, data), options), BodyResult.Json);

    /// <summary>The JSON of the response, which is cached with it.</summary>
    public static byte[] Serialize<T>(Versioned<T> response, string message, JsonSerializerOptions options)
        where T : class =>
        response.SerializedBody.GetOrAdd("json", () => JsonSerializer.SerializeToUtf8Bytes(Create(message, response.Value!), options));
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
