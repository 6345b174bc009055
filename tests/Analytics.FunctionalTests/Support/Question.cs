namespace Analytics.FunctionalTests.Support;

/// <summary>A request for the analytics of Acme by its member, unless said otherwise.</summary>
internal sealed record Question
{
    public const string Analytics = "/api/v2/platform/organisation/analytics/";

    public string Method { get; init; } = "GET";

    public string Path { get; init; } = Analytics;

    /// <summary>The query as it stands in the address; takes the place of <see cref="Space"/>.</summary>
    public string? Query { get; init; }

    public string? Space { get; init; }

    public string? Handle { get; init; } = Acme.Handle;

    public string? Product { get; init; }

    public string? Authorization { get; init; } = Tokens.Jwt(Acme.Member);

    /// <summary>Further headers; one that is there already is given twice.</summary>
    public IEnumerable<(string Name, string Value)> Headers { get; init; } = [];

    public string Target => (Query ?? (Space is null ? null : $"space_token={Uri.EscapeDataString(Space)}")) is { } query ? $"{Path}?{query}" : Path;

    public IEnumerable<(string Name, string Value)> AllHeaders =>
    [
        .. Given("Authorization", Authorization),
        .. Given("Org-Handle", Handle),
        .. Given("Product-Id", Product),
        .. Headers,
    ];

    private static IEnumerable<(string Name, string Value)> Given(string name, string? value) => value is null ? [] : [(name, value)];
}

internal static class Questions
{
    /// <summary>Asks for analytics; the documented request unless said otherwise.</summary>
    public static Task<Reply> AskAsync(this AnalyticsService service, Question? question = null)
    {
        question ??= new Question();
        return Wire.SendAsync(service.Address, question.Method, question.Target, question.AllHeaders);
    }

    /// <summary>Asks any other route, without credentials.</summary>
    public static Task<Reply> AskAsync(this AnalyticsService service, string path, string method = "GET", params IEnumerable<(string Name, string Value)> headers) =>
        Wire.SendAsync(service.Address, method, path, headers);
}
