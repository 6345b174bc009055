using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Organisations;

/// <summary>The rules of the headers of every organisation-scoped request. Their errors precede those of its own rules.</summary>
public sealed class OrganisationScopeValidator : AbstractValidator<IOrganisationRequest>
{
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
