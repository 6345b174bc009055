using Analytics.Application.Organisations;
using FluentValidation;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>Stops a request whose inputs break a rule, before any statement is sent.</summary>
internal sealed class Validation<TRequest, TResponse>(OrganisationScopeValidator scopeRules, IEnumerable<IValidator<TRequest>> ownRules)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : class, IOrganisationRequest
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var failures = ownRules.Prepend<IValidator<TRequest>>(scopeRules).SelectMany(rules => rules.Validate(request).Errors).ToList();
        return failures.Count > 0 ? throw new ValidationException(failures) : next();
    }
}
