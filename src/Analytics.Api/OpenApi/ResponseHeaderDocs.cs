using System.Globalization;
using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Hosting;
using Analytics.Api.RateLimiting;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>The response headers, and which status has which.</summary>
internal static class ResponseHeaderDocs
{
    public const string ExampleRequestId = "4f8c2d1e9b7a4c3f8e6d5a4b3c2d1e0f";
    public const string ExampleETag = "\"mR3vT9qLx0ZcWk7uYb1sHn5e\"";

    /// <summary>The media type of a stream of events.</summary>

    /// <summary>The media type of most answers, and of all errors.</summary>
    public const string JsonMediaType = "application/json";

    private const string NoStore = "No-Store";

    /// <summary>The response headers, by the name under which responses refer to them.</summary>
    public static Dictionary<string, IOpenApiHeader> Headers => new(StringComparer.Ordinal)
    {
        [ResponseHeaders.RequestId] = CreateHeader("The request's name, in the log too: yours if it fits, else a new one.", ExampleRequestId),
        [HeaderNames.ETag] = CreateHeader("The answer's strong tag: equal for answers that are equal byte for byte.", ExampleETag),
        [HeaderNames.CacheControl] = CreateHeader("Keep the answer to yourself, and ask before using it again.", OrganisationController.CacheControl),
        [NoStore] = CreateHeader("Nobody keeps it.", "no-store"),
        [HeaderNames.Vary] = CreateHeader("What, beside the address, decides the answer.", OrganisationController.Vary),
        [HeaderNames.Link] = CreateHeader("The next page, where there is one.", ResponseExamples.NextPageLink, required: false),
        [HeaderNames.ContentDisposition] = CreateHeader("The name of the file, where the answer is CSV or NDJSON.", "attachment; filename=\"analytics.csv\"", required: false),
        [HeaderNames.WWWAuthenticate] = CreateHeader("The schemes that a token may come with, one value each.", string.Join(", ", JwtAuthentication.Challenges)),
        [RateLimits.PolicyHeader] = CreateHeader("The limit that the request counts for: its name, how many requests (`q`) in how many seconds (`w`). Absent where limits are switched off.", new FixedWindowCounter<string>(RateLimits.ReadsPolicy, RateLimitSettings.DefaultReads, TimeProvider.System).Header, required: false),
        [RateLimits.StatusHeader] = CreateHeader("What is left of it: how many requests (`r`), and in how many seconds (`t`) all of it is there again.", new RateLimitStatus(RateLimits.ReadsPolicy, RateLimitSettings.DefaultReads - 1, SecondsUntilReset: 42, IsExceeded: false).Header, required: false),
        [HeaderNames.RetryAfter] = CreateHeader("Seconds to wait before asking again.", $"{ErrorResponses.RetryAfterSeconds}", JsonSchemaType.Integer),
    };

    public static Dictionary<string, IOpenApiHeader> GetHeaders(int status, OperationMetadata metadata, OpenApiDocument document)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        void Add(string name, string? reference = null) => headers.Add(name, new OpenApiHeaderReference(reference ?? name, document));

        Add(ResponseHeaders.RequestId);
        if (metadata.RequiresToken)
        {
            Add(RateLimits.PolicyHeader);
            Add(RateLimits.StatusHeader);
        }

        if (metadata.RequiresToken && status < StatusCodes.Status400BadRequest)
        {
            if (metadata.HasETag)
            {
                Add(HeaderNames.ETag);
            }

            Add(HeaderNames.CacheControl);
            Add(HeaderNames.Vary);
        }
        else
        {
            Add(HeaderNames.CacheControl, NoStore);
        }

        foreach (var name in status switch
        {
            StatusCodes.Status200OK => metadata.ResponseHeaderNames,
            StatusCodes.Status401Unauthorized => [HeaderNames.WWWAuthenticate],
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [HeaderNames.RetryAfter],
            _ => [],
        })
        {
            Add(name);
        }

        return headers;
    }

    private static OpenApiHeader CreateHeader(string description, string example, JsonSchemaType type = JsonSchemaType.String, bool required = true) => new()
    {
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = type },
        Example = type == JsonSchemaType.Integer ? int.Parse(example, CultureInfo.InvariantCulture) : example,
    };
}
