using Analytics.Application.Organisations;
using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Behaviors;

internal sealed class ValidationBehavior<TRequest, TResponse>(
    OrganisationScopeValidator scopeValidator, IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : class, IUserRequest
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var scopeFailures = request is IOrganisationRequest scoped ? scopeValidator.Validate(scoped).Errors : [];
        var failures = scopeFailures
            .Concat(validators.SelectMany(validator => validator.Validate(request).Errors))
            .Concat(request.Errors)
            .ToList();
        return failures.Count > 0 ? throw new ValidationException(failures) : next();
    }
}
