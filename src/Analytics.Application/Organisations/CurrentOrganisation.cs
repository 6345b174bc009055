using Analytics.Application.Behaviors;

namespace Analytics.Application.Organisations;

/// <summary>The organisation of the request in hand; set once by <see cref="OrganisationResolutionBehavior{TRequest, TResponse}"/>.</summary>
public sealed class CurrentOrganisation
{
    private ResolvedOrganisation? _resolved;

    /// <summary>Its id, which every statement names.</summary>
    public long Id => Resolved.Id;

    /// <summary>Its version when the request was resolved.</summary>
    public OrganisationVersion Version => Resolved.Version;

    /// <summary>The role of the caller, who is a member.</summary>
    public string Role => Resolved.Role;

    private ResolvedOrganisation Resolved => _resolved ?? throw new InvalidOperationException("The request is not organisation-scoped: nothing resolved its organisation.");

    internal void Set(ResolvedOrganisation resolved)
    {
        if (_resolved is not null)
        {
            throw new InvalidOperationException("The request's organisation is already resolved.");
        }

        _resolved = resolved;
    }
}

internal sealed record ResolvedOrganisation
{
    public long Id { get; init; }

    public long Revision { get; init; }

    public string Stamp { get; init; } = "";

    public string Role { get; init; } = "";

    public OrganisationVersion Version => new(Revision, Stamp);
}
