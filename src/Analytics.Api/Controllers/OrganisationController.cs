using System.Buffers.Text;
using System.Security.Cryptography;
using Analytics.Api.Authentication;
using Analytics.Api.Formats;
using Analytics.Api.RateLimiting;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;

namespace Analytics.Api.Controllers;

/// <summary>
/// Base of all organisation-scoped routes, and of the list of organisations: reads the scope from the request, and writes the ETag and
/// the link to the next page.
/// </summary>
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
        KnownETags);

    private IEnumerable<string> IfNoneMatch => Request.GetTypedHeaders().IfNoneMatch.Select(etag => etag.Tag.ToString());

    // Of uncompressed responses.
    private List<string> KnownETags => [.. IfNoneMatch.SelectMany(ContentCoding.GetUncompressedETags)];

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

    /// <summary>The same for data without a version: the ETag is that of the body.</summary>
    protected IActionResult ToResultWithETagOfBody<T>(T data, string message)
        where T : class
    {
        var options = HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        var response = new Versioned<T>(version: default, data);
        var body = ApiResponse.Serialize(response, message, options);
        var etag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 18))}\"";
        return ToResult((KnownETags.Contains(etag) ? new Versioned<T>() : response) with { ETag = etag }, message);
    }

    /// <summary>Sets <c>Link</c> if there is a next page.</summary>
    protected void SetNextPageLink(RawQuery query, string? cursor)
    {
        if (cursor is not null)
        {
            Response.Headers.Link = $"<{GetNextPageUrl(query, cursor)}>; rel=\"next\"";
        }
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

    private string GetNextPageUrl(RawQuery query, string cursor)
    {
        var builder = new QueryBuilder();
        foreach (var name in query.Names.Where(name => name != QueryParameters.Cursor.Name))
        {
            builder.Add(name, query[name].OfType<string>());
        }

        builder.Add(QueryParameters.Cursor.Name, cursor);

        // A proxy may pass on a prefix that its client sent. Two slashes at the start would name another host.
        return $"/{Request.PathBase.Add(Request.Path).ToUriComponent().TrimStart('/')}{builder}";
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
