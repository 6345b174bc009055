namespace Analytics.ContractTests.Support;

/// <summary>A request: by default a report's, with the deployment's token and organisation. A header of null is not sent.</summary>
internal sealed record ContractRequest(string Query = "", string Path = Routes.Analytics)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    public string? Authorization { get; init; } = $"jwt {Deployment.Token}";

    public string? Handle { get; init; } = Deployment.Handle;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/x-ndjson";

    public string PathAndQuery => Query.Length == 0 ? Path : $"{Path}?{Query}";

    public IEnumerable<(string Name, string Value)> GetAllHeaders() =>
        new[] { ("Authorization", Authorization), ("Org-Handle", Handle) }
            .Where(header => header.Item2 is not null)
            .Select(header => (header.Item1, header.Item2!))
            .Concat(Headers);
}
