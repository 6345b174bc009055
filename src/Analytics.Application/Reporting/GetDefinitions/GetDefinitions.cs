using Analytics.Application.Requests;
using FluentValidation;
using MediatR;

namespace Analytics.Application.Reporting.GetDefinitions;

/// <summary>Asks what each number means; the same for every organisation.</summary>
/// <param name="Inputs">The parameters, of which there are none.</param>
public sealed record GetDefinitionsQuery(RawQuery Inputs) : IRequest<DefinitionsResponse>;

internal sealed class GetDefinitionsHandler : IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>
{
    public Task<DefinitionsResponse> Handle(GetDefinitionsQuery query, CancellationToken cancellationToken) =>
        query.Inputs.RejectAny() is { Count: > 0 } problems ? throw new ValidationException(problems) : Task.FromResult(DefinitionsResponse.All);
}
