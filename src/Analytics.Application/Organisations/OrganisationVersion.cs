namespace Analytics.Application.Organisations;

/// <summary>The name of one state of an organisation's numbers.</summary>
/// <param name="Revision">Grows by one with each change.</param>
/// <param name="Stamp">Random, written with the revision, so that a restored database never repeats a version.</param>
public readonly record struct OrganisationVersion(long Revision, string Stamp);
