namespace Analytics.Application.Organisations;

/// <summary>
/// The handle is unknown, the organisation is inactive or was erased, or the user is a non-member. The client cannot
/// distinguish these.
/// </summary>
public sealed class OrganisationNotFoundException() : Exception("Organization not found.");

/// <summary>The space is unknown, inactive, or of another organisation or content type. The client cannot distinguish these.</summary>
public sealed class SpaceNotFoundException() : Exception("Space not found.");
