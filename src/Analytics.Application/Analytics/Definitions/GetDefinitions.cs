using Analytics.Application.Pipeline;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace Analytics.Application.Analytics.Definitions;

/// <summary>Asks what each number means; the same for every organisation.</summary>
/// <param name="Inputs">The parameters, of which there are none.</param>
public sealed record GetDefinitionsQuery(QueryInputs Inputs) : IRequest<DefinitionsResponse>
{
    /// <summary>Every parameter is one too many.</summary>
    public IReadOnlyList<ValidationFailure> Problems =>
        [.. Inputs.Names.Order(StringComparer.Ordinal).Select(name => new ValidationFailure(name, $"{name} is not known here: there are no parameters."))];
}

internal sealed class GetDefinitionsHandler : IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>
{
    public Task<DefinitionsResponse> Handle(GetDefinitionsQuery query, CancellationToken cancellationToken) =>
        query.Problems is { Count: > 0 } problems ? throw new ValidationException(problems) : Task.FromResult(DefinitionsResponse.All);
}
