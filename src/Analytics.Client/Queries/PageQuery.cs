namespace Analytics.Client;

/// <summary>A page of organisations or spaces.</summary>
public sealed record PageQuery
{
    /// <summary>The maximum number of rows, 1 to 1,000; 100 if null.</summary>
    public int? Limit { get; init; }

    /// <summary>The cursor of the previous page.</summary>
    public string? Cursor { get; init; }

    internal IEnumerable<(string Name, string? Value)> GetParameters() => [("limit", QueryText.Format(Limit)), ("cursor", Cursor)];
}
