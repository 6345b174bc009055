using System.Globalization;
using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Limits;
using Analytics.Api.Startup;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>The response headers, and which status has which.</summary>
internal static class Outputs
{
    public const string ExampleRequestId = "4f8c2d1e9b7a4c3f8e6d5a4b3c2d1e0f";
    public const string ExampleTag = "\"mR3vT9qLx0ZcWk7uYb1sHn5e\"";

    /// <summary>The media type of a stream of events.</summary>
    public const string Events = "text/event-stream";

    /// <summary>The media type of most answers, and of all errors.</summary>
    public const string Json = "application/json";

    private const string NoStore = "No-Store";

    /// <summary>The response headers, by the name under which responses refer to them.</summary>
    public static Dictionary<string, IOpenApiHeader> Headers => new(StringComparer.Ordinal)
    {
        [ResponseHeaders.RequestId] = Header("The request's name, in the log too: yours if it fits, else a new one.", ExampleRequestId),
        [HeaderNames.ETag] = Header("The answer's strong tag: equal for answers that are equal byte for byte.", ExampleTag),
        [HeaderNames.CacheControl] = Header("Keep the answer to yourself, and ask before using it again.", OrganisationController.CacheControl),
        [NoStore] = Header("Nobody keeps it.", "no-store"),
        [HeaderNames.Vary] = Header("What, beside the address, decides the answer.", OrganisationController.Vary),
        [HeaderNames.Link] = Header("The next page, where there is one.", Examples.Link, required: false),
        [HeaderNames.ContentDisposition] = Header("The name of the file, where the answer is CSV or NDJSON.", "attachment; filename=\"analytics.csv\"", required: false),
        [HeaderNames.WWWAuthenticate] = Header("The schemes that a token may come with, one value each.", string.Join(", ", JwtAuthentication.Challenges)),
        [RateLimits.PolicyHeader] = Header("The limit that the request counts for: its name, how many requests (`q`) in how many seconds (`w`). Absent where limits are switched off.", new RatePolicy<string>(RateLimits.ReadsPolicy, RateLimitSettings.DefaultReads, TimeProvider.System).Header, required: false),
        [RateLimits.LeftHeader] = Header("What is left of it: how many requests (`r`), and in how many seconds (`t`) all of it is there again.", new RateLeft(RateLimits.ReadsPolicy, RateLimitSettings.DefaultReads - 1, Seconds: 42, IsOver: false).Header, required: false),
        [HeaderNames.RetryAfter] = Header("Seconds to wait before asking again.", $"{ErrorResponses.RetryAfterSeconds}", JsonSchemaType.Integer),
    };

    public static Dictionary<string, IOpenApiHeader> HeadersOf(int status, Route route, OpenApiDocument document)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        void Add(string name, string? reference = null) => headers.Add(name, new OpenApiHeaderReference(reference ?? name, document));

        Add(ResponseHeaders.RequestId);
        if (route.IsOfCaller)
        {
            Add(RateLimits.PolicyHeader);
            Add(RateLimits.LeftHeader);
        }

        if (route.IsOfCaller && status < StatusCodes.Status400BadRequest)
        {
            if (route.IsTagged)
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
            StatusCodes.Status200OK => route.HeadersOfAnswer,
            StatusCodes.Status401Unauthorized => [HeaderNames.WWWAuthenticate],
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [HeaderNames.RetryAfter],
            _ => [],
        })
        {
            Add(name);
        }

        return headers;
    }

    private static OpenApiHeader Header(string description, string example, JsonSchemaType type = JsonSchemaType.String, bool required = true) => new()
    {
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = type },
        Example = type == JsonSchemaType.Integer ? int.Parse(example, CultureInfo.InvariantCulture) : example,
    };
}
