using Analytics.Application.Pipeline;
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
            .Given($"{InputNames.OrgHandle} header is required.")
            .GivenOnce(InputNames.OrgHandle)
            .Matching(Handle.IsValid, $"{InputNames.OrgHandle} {Handle.Rule}");

        RuleFor(request => request.Scope.ProductId)
            .GivenOnce(InputNames.ProductId)
            .Matching(product => Product.IsValid(product.Trim(' ')), $"{InputNames.ProductId} {Product.Rule}");
    }
}
