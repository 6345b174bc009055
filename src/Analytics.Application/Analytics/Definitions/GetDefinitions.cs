using Analytics.Application.Pipeline;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace Analytics.Application.Analytics.Definitions;

/// <summary>Asks what each number means; the same for every organisation.</summary>
/// <param name="Inputs">The parameters, of which there are none.</param>
public sealed record GetDefinitionsQuery(QueryInputs Inputs) : IRequest<DefinitionsResponse>;

internal sealed class GetDefinitionsHandler : IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>
{
    public Task<DefinitionsResponse> Handle(GetDefinitionsQuery query, CancellationToken cancellationToken) => query.Inputs.IsEmpty
        ? Task.FromResult(DefinitionsResponse.All)
        : throw new ValidationException(query.Inputs.Names.Order(StringComparer.Ordinal).Select(name => new ValidationFailure(name, $"{name} is not known here: there are no parameters.")));
}
