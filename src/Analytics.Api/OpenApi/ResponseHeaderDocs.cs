using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Api.RateLimiting;
using Analytics.Api.RequestBodies;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class ResponseHeaderDocs
{
    public const string ExampleRequestId = "4f8c2d1e9b7a4c3f8e6d5a4b3c2d1e0f";
    public const string ExampleETag = "\"mR3vT9qLx0ZcWk7uYb1sHn5e\"";

    public const string JsonMediaType = "application/json";

    public const string AccelBuffering = "X-Accel-Buffering";

    private const string NoStore = "No-Store";

    // By the key of the document's header components.
    public static Dictionary<string, IOpenApiHeader> Headers => new(StringComparer.Ordinal)
    {
        [ResponseHeaders.RequestId] = CreateHeader(
            "The id of the request, also in the log: yours if it is valid, else a new one.", ExampleRequestId),
        [HeaderNames.XContentTypeOptions] = CreateHeader("Browsers use `Content-Type` as it is.", "nosniff"),
        [ResponseHeaders.ReferrerPolicy] = CreateHeader("Browsers do not send the URL to other pages.", "no-referrer"),
        [AccelBuffering] = CreateHeader("Proxies forward events at once.", "no"),
        [HeaderNames.Accept] = CreateHeader(
            "The accepted media types, if the body's is not one of them.",
            $"{PushBodyReader.MediaType}, {PushBodyReader.ArrayMediaType}",
            required: false),
        [HeaderNames.AcceptEncoding] = CreateHeader(
            "The accepted encodings, if the body's is not one of them.", PushBodyReader.Gzip, required: false),
        [HeaderNames.Allow] = CreateHeader("The allowed methods.", "GET, HEAD"),
        [HeaderNames.ETag] = CreateHeader(
            "Strong entity tag: equal for responses that are equal byte for byte. That of a compressed response ends in `-br` or `-gz`.",
            ExampleETag),
        [HeaderNames.ContentEncoding] = CreateHeader(
            $"The compression, `br` or `gzip`, if you accept it and the response has more than {ContentCoding.MinLength} bytes.",
            "br",
            required: false),
        [HeaderNames.CacheControl] = CreateHeader(
            "Only your own cache may store the response, and must revalidate it before each use.", OrganisationController.CacheControl),
        [NoStore] = CreateHeader("No cache may store the response.", "no-store"),
        [HeaderNames.Vary] = CreateHeader("The request headers that the response depends on.", OrganisationController.Vary),
        [HeaderNames.Link] = CreateHeader("The next page, if there is one.", ResponseExamples.NextPageLink, required: false),
        [HeaderNames.ContentDisposition] = CreateHeader(
            "The file name, if the response is CSV or NDJSON.", "attachment; filename=\"analytics.csv\"", required: false),
        [HeaderNames.WWWAuthenticate] = CreateHeader(
            "The accepted authentication schemes, one value each.", string.Join(", ", JwtAuthentication.Challenges)),
        [RateLimits.PolicyHeader] = CreateHeader(
            "The rate limit of the request: its name, and the requests (`q`) in a window of seconds (`w`). Absent if rate limits are off.",
            new FixedWindowCounter<string>(RateLimits.ReadsPolicy, RateLimits.DefaultReads, TimeProvider.System).Header,
            required: false),
        [RateLimits.StatusHeader] = CreateHeader(
            "The remaining requests (`r`), and the seconds until the window resets (`t`).",
            new RateLimitStatus(
                RateLimits.ReadsPolicy, RateLimits.DefaultReads - 1, SecondsUntilReset: 42, IsExceeded: false).Header,
            required: false),
        [HeaderNames.RetryAfter] = CreateHeader(
            "Seconds to wait before a retry.", $"{ErrorResponses.RetryAfterSeconds}", JsonSchemaType.Integer),
    };

    public static Dictionary<string, IOpenApiHeader> GetHeaders(int status, OperationMetadata metadata, OpenApiDocument document)
    {
        var isCacheable = metadata.RequiresToken && status < StatusCodes.Status400BadRequest;
        string[] rateLimits = metadata.RequiresToken ? [RateLimits.PolicyHeader, RateLimits.StatusHeader] : [];
        string[] etag = isCacheable && metadata.HasETag ? [HeaderNames.ETag] : [];
        string[] cacheControl = isCacheable ? [HeaderNames.CacheControl, HeaderNames.Vary] : [HeaderNames.CacheControl];
        IReadOnlyList<string> others = status switch
        {
            StatusCodes.Status200OK when metadata.RequiresToken => [HeaderNames.ContentEncoding, .. metadata.ResponseHeaderNames],
            StatusCodes.Status405MethodNotAllowed => [HeaderNames.Allow],
            StatusCodes.Status415UnsupportedMediaType => [HeaderNames.Accept, HeaderNames.AcceptEncoding],
            StatusCodes.Status401Unauthorized => [HeaderNames.WWWAuthenticate],
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [HeaderNames.RetryAfter],
            _ => [],
        };
        string[] names =
        [
            ResponseHeaders.RequestId, HeaderNames.XContentTypeOptions, ResponseHeaders.ReferrerPolicy, .. rateLimits, .. etag,
            .. cacheControl, .. others,
        ];
        return names.ToDictionary(
            name => name,
            IOpenApiHeader (name) => new OpenApiHeaderReference(
                name == HeaderNames.CacheControl && !isCacheable ? NoStore : name, document),
            StringComparer.Ordinal);
    }

    private static OpenApiHeader CreateHeader(
        string description, string example, JsonSchemaType type = JsonSchemaType.String, bool required = true) => new()
    {
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = type },
        Example = type == JsonSchemaType.Integer ? int.Parse(example, CultureInfo.InvariantCulture) : example,
    };
}
