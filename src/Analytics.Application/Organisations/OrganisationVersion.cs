namespace Analytics.Application.Organisations;

/// <summary>Identifies one state of an organisation's data.</summary>
/// <param name="Revision">Incremented by each change.</param>
/// <param name="Stamp">Random, written with the revision, so that a restored database never repeats a version.</param>
public readonly record struct OrganisationVersion(long Revision, string Stamp);
