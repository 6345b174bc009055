namespace Analytics.Application.Organisations;

/// <summary>A space, as tasks name it.</summary>
public sealed record Space
{
    /// <summary>Its organisation.</summary>
    public long OrganisationId { get; init; }

    /// <summary>Its id.</summary>
    public long Id { get; init; }

    /// <summary>Its token, unique within its organisation.</summary>
    public string Token { get; init; } = "";
}
