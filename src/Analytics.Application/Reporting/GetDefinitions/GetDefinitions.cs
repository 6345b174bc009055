using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Reporting.GetDefinitions;

/// <summary>Lists the definition of every metric, the same for all organisations. Any parameter is an error.</summary>
public sealed record GetDefinitionsQuery(RawQuery RawQuery) : IRequest<DefinitionsResponse>;

internal sealed class GetDefinitionsHandler : IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>
{
    public Task<DefinitionsResponse> Handle(GetDefinitionsQuery query, CancellationToken cancellationToken) =>
        query.RawQuery.RejectAny() is { Count: > 0 } failures
            ? throw new ValidationException(failures)
            : Task.FromResult(DefinitionsResponse.All);
}
