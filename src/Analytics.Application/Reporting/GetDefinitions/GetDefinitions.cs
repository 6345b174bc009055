using Analytics.Application.Requests;
using FluentValidation;
using MediatR;

namespace Analytics.Application.Reporting.GetDefinitions;

/// <summary>Asks what each number means; the same for every organisation.</summary>
/// <param name="RawQuery">The parameters, of which there are none.</param>
public sealed record GetDefinitionsQuery(RawQuery RawQuery) : IRequest<DefinitionsResponse>;

internal sealed class GetDefinitionsHandler : IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>
{
    public Task<DefinitionsResponse> Handle(GetDefinitionsQuery query, CancellationToken cancellationToken) =>
        query.RawQuery.RejectAny() is { Count: > 0 } failures ? throw new ValidationException(failures) : Task.FromResult(DefinitionsResponse.All);
}
