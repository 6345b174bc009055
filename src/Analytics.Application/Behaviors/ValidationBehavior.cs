using Analytics.Application.Organisations;
using FluentValidation;

namespace Analytics.Application.Behaviors;

internal sealed class ValidationBehavior<TRequest, TResponse>(
    OrganisationScopeValidator scopeValidator, IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : class, IOrganisationRequest
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var failures = validators.Prepend<IValidator<TRequest>>(scopeValidator)
            .SelectMany(validator => validator.Validate(request).Errors)
            .Concat(request.Errors)
            .ToList();
        return failures.Count > 0 ? throw new ValidationException(failures) : next();
    }
}
