namespace Analytics.FunctionalTests.Support;

/// <summary>A request for Acme's analytics by its member, by default.</summary>
internal sealed record AnalyticsRequest
{
    public const string AnalyticsPath = "/api/v2/platform/organisation/analytics/";

    public string Method { get; init; } = "GET";

    public string Path { get; init; } = AnalyticsPath;

    // The query string as sent; replaces SpaceToken.
    public string? Query { get; init; }

    public string? SpaceToken { get; init; }

    public string? Handle { get; init; } = Acme.Handle;

    public string? Product { get; init; }

    public string? Authorization { get; init; } = Tokens.CreateAuthorization(Acme.MemberUserId);

    // Additional headers; one that exists already is sent twice.
    public IEnumerable<(string Name, string Value)> Headers { get; init; } = [];

    public string Target =>
        (Query ?? (SpaceToken is null ? null : $"space_token={Uri.EscapeDataString(SpaceToken)}")) is { } query ? $"{Path}?{query}" : Path;

    public IEnumerable<(string Name, string Value)> AllHeaders =>
    [
        .. CreateOptionalHeader("Authorization", Authorization),
        .. CreateOptionalHeader("Org-Handle", Handle),
        .. CreateOptionalHeader("Product-Id", Product),
        .. Headers,
    ];

    private static IEnumerable<(string Name, string Value)> CreateOptionalHeader(string name, string? value) =>
        value is null ? [] : [(name, value)];
}

internal static class AnalyticsRequestExtensions
{
    // Requests analytics; the documented request by default.
    public static Task<Reply> SendAsync(this AnalyticsService service, AnalyticsRequest? request = null)
    {
        request ??= new AnalyticsRequest();
        return RawHttp.SendAsync(service.Address, request.Method, request.Target, request.AllHeaders);
    }

    // Requests any other route, without credentials.
    public static Task<Reply> SendAsync(
        this AnalyticsService service, string path, string method = "GET", params IEnumerable<(string Name, string Value)> headers) =>
        RawHttp.SendAsync(service.Address, method, path, headers);
}
