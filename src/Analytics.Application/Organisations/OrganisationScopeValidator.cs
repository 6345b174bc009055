using Analytics.Application.Requests;
using Analytics.Domain.Organisations;
using FluentValidation;

namespace Analytics.Application.Organisations;

/// <summary>The rules of the inputs that every organisation-scoped request has; they come before its own.</summary>
public sealed class OrganisationScopeValidator : AbstractValidator<IOrganisationRequest>
{
    /// <summary>Creates the rules.</summary>
    public OrganisationScopeValidator()
    {
        RuleFor(request => request.Scope.OrgHandle)
            .Required($"{ParameterNames.OrgHandle} header is required.")
            .SingleValue(ParameterNames.OrgHandle)
            .MustMatch(Handle.IsValid, $"{ParameterNames.OrgHandle} {Handle.ValidationMessage}");

        RuleFor(request => request.Scope.ProductId)
            .SingleValue(ParameterNames.ProductId)
            .MustMatch(product => Product.IsValid(product.Trim(' ')), $"{ParameterNames.ProductId} {Product.ValidationMessage}");
    }
}
