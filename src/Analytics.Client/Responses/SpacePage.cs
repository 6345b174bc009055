namespace Analytics.Client;

/// <summary>A page of spaces, by name.</summary>
public sealed record SpacePage : IPage
{
    /// <summary>
    /// The active spaces of content type contact, sorted by <c>name</c>, then by <c>token</c>; also those without tasks.
    /// </summary>
    public required IReadOnlyList<OrganisationSpace> Spaces { get; init; }

    /// <summary>Whether there is a next page.</summary>
    public required bool HasMore { get; init; }

    /// <summary>The cursor of the next page; null if there is none.</summary>
    public required string? Cursor { get; init; }
}

/// <summary>A space.</summary>
public sealed record OrganisationSpace
{
    /// <summary>The token, unique within the organisation: the value of <c>space_token</c>.</summary>
    public required string Token { get; init; }

    /// <summary>The name of the space; several spaces can have the same.</summary>
    public required string Name { get; init; }

    /// <summary>The platform's name of the space in URLs; empty if there is none.</summary>
    public required string Slug { get; init; }
}
