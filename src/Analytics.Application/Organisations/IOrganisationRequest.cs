using MediatR;

namespace Analytics.Application.Organisations;

/// <summary>A request about one organisation: the pipeline gives it its 401, 400 and 404.</summary>
public interface IOrganisationRequest
{
    /// <summary>Who asks about which organisation.</summary>
    OrganisationScope Scope { get; }
}

/// <summary>A change of an organisation: beside 401, 400 and 404, the pipeline gives it its 403.</summary>
public interface IOrganisationCommand : IOrganisationRequest
{
    /// <summary>The words of the caller's token's scope.</summary>
    IReadOnlyCollection<string> TokenScopes { get; }
}

/// <summary>
/// A question about an organisation's numbers. Implementing this one interface gives it everything in
/// <see cref="DependencyInjection"/>: 401, 400, 404, a tag with 304, and an answer from memory when it is asked again.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
public interface IOrganisationQuery<T> : IOrganisationRequest, IOrganisationQuery, IRequest<Versioned<T>>;

/// <summary>The part of a query that names what is asked.</summary>
public interface IOrganisationQuery
{
    /// <summary>What is asked, after planning: equal questions of one product at one version have equal answers.</summary>
    string CacheKey { get; }

    /// <summary>The form of the answer: answers of other forms have other tags.</summary>
    string Representation => "json";

    /// <summary>Whether the same is likely to be asked again soon, so that its answer is kept in memory.</summary>
    bool IsCacheable => true;

    /// <summary>Whether a stream asks it, which can wait for its turn.</summary>
    bool IsStreaming => false;
}
