namespace Analytics.Application.Organisations;

/// <summary>The handle is unknown, the organisation not active or erased meanwhile, or the caller not a member: the caller cannot tell which.</summary>
public sealed class OrganisationNotFoundException() : Exception("Organization not found.");

/// <summary>The space is unknown, of another organisation or content type, or not active: the caller cannot tell which.</summary>
public sealed class SpaceNotFoundException() : Exception("Space not found.");
