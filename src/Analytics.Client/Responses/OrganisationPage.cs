namespace Analytics.Client;

/// <summary>A page of organisations, by handle.</summary>
public sealed record OrganisationPage : IPage
{
    /// <summary>The active organisations that you are a member of, sorted by <c>handle</c>.</summary>
    public required IReadOnlyList<UserOrganisation> Organisations { get; init; }

    /// <summary>Whether there is a next page.</summary>
    public required bool HasMore { get; init; }

    /// <summary>The cursor of the next page; null if there is none.</summary>
    public required string? Cursor { get; init; }
}

/// <summary>An organisation of a user.</summary>
public sealed record UserOrganisation
{
    /// <summary>The handle: the value of <c>Org-Handle</c>.</summary>
    public required string Handle { get; init; }

    /// <summary>The name of the organisation.</summary>
    public required string Name { get; init; }

    /// <summary>Your role, such as <c>owner</c>, <c>editor</c> or <c>viewer</c>; empty if there is none.</summary>
    public required string Role { get; init; }
}
