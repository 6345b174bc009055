using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.Formats;

internal static class ContentNegotiation
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    /// <summary><c>format</c> overrides <c>Accept</c>. If its value is invalid, the pipeline rejects the request, in JSON.</summary>
    public static ResponseFormat GetFormat(RawQuery query, HttpRequest request) => query[QueryParameters.Format.Name].ToString() switch
    {
        "csv" => ResponseFormat.Csv,
        "ndjson" => ResponseFormat.Ndjson,
        var format when string.IsNullOrWhiteSpace(format) => GetFormatFromAccept(request),
        _ => ResponseFormat.Json,
    };

    // The media type with the highest quality, and the first of several. A range such as text/* does not select a table.
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
