using Analytics.Application.Requests;

namespace Analytics.Application.Organisations;

/// <summary>A request about one organisation. The pipeline also produces its 404.</summary>
public interface IOrganisationRequest : IUserRequest
{
    OrganisationScope Scope { get; }

    string? IUserRequest.UserId => Scope.UserId;
}

/// <summary>A request that writes. The pipeline also produces its 403.</summary>
public interface IOrganisationCommand : IOrganisationRequest
{
    /// <summary>The values of the token's <c>scope</c> claim.</summary>
    IReadOnlyCollection<string> TokenScopes { get; }
}

/// <summary>A request that reads. The pipeline also adds the ETag, responds with 304, and caches the response.</summary>
public interface IOrganisationQuery<T> : IOrganisationQuery, IRequest<Versioned<T>>;

/// <summary>What the behaviors need of a query: MediatR's open behaviors cannot name the <c>T</c> of its response.</summary>
public interface IOrganisationQuery : IOrganisationRequest
{
    /// <summary>Equal keys mean equal responses, for one product at one version.</summary>
    string CacheKey { get; }

    /// <summary>The format of the response. It is part of the ETag, not of the cache key.</summary>
    string Representation => "json";

    bool IsCacheable => true;

    /// <summary>Whether it reads single tasks, up to thousands of them, instead of rollups.</summary>
    bool ReadsTasks => false;

    /// <summary>Whether a stream sends the query: such queries have a queue of their own and no timeout.</summary>
    bool IsStreaming => false;
}
