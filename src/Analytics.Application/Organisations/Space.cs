namespace Analytics.Application.Organisations;

public sealed record Space
{
    public long OrganisationId { get; init; }
    public long Id { get; init; }

    /// <summary>Unique within the organisation.</summary>
    public string Token { get; init; } = "";
}
