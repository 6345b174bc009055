namespace Analytics.Application.Organisations;

/// <summary>The organisation of the current request, set once by the pipeline.</summary>
public sealed class CurrentOrganisation
{
    private ResolvedOrganisation? _resolved;

    public long Id => Resolved.Id;

    // The version at the time of resolution: the data may be of a later one.
    public OrganisationVersion Version => Resolved.Version;

    public string Role => Resolved.Role;

    private ResolvedOrganisation Resolved => _resolved
        ?? throw new InvalidOperationException("The request is not organisation-scoped: nothing resolved its organisation.");

    internal void Set(ResolvedOrganisation resolved)
    {
        if (_resolved is not null)
        {
            throw new InvalidOperationException("The request's organisation is already resolved.");
        }

        _resolved = resolved;
    }
}

public sealed record ResolvedOrganisation
{
    public long Id { get; init; }
    public long Revision { get; init; }
    public string Stamp { get; init; } = "";
    public string Role { get; init; } = "";
    public OrganisationVersion Version => new(Revision, Stamp);
}
