using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;

namespace Analytics.Api.Formats;

/// <summary>The form in which an answer is asked for.</summary>
internal static class ContentNegotiation
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>By <c>format</c>, which beats <c>Accept</c>; one that there is not is the pipeline's to refuse, as JSON.</summary>
    public static ResponseFormat GetFormat(RawQuery query, HttpRequest request) => query[ParameterNames.Format].ToString() switch
    {
        "csv" => ResponseFormat.Csv,
        "ndjson" => ResponseFormat.Ndjson,
        var format when string.IsNullOrWhiteSpace(format) => GetFormatFromAccept(request),
        _ => ResponseFormat.Json,
    };

    /// <summary>The one that is liked best, and the first of several. A range such as <c>text/*</c> stays JSON: nobody asks for a table that way.</summary>
    private static ResponseFormat GetFormatFromAccept(HttpRequest request) => request.GetTypedHeaders().Accept
        .Where(mediaType => mediaType.Quality != 0)
        .OrderByDescending(mediaType => mediaType.Quality ?? 1)
        .FirstOrDefault()?.MediaType.ToString().ToLowerInvariant() switch
    {
        Csv => ResponseFormat.Csv,
        Ndjson => ResponseFormat.Ndjson,
        _ => ResponseFormat.Json,
    };
}
