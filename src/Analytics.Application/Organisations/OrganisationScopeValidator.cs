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
            .Given("Org-Handle header is required.")
            .GivenOnce("Org-Handle")
            .Matching(Handle.IsValid, $"Org-Handle {Handle.Rule}");

        RuleFor(request => request.Scope.ProductId)
            .GivenOnce("Product-Id")
            .Matching(product => Product.IsValid(product.Trim(' ')), $"Product-Id {Product.Rule}");
    }
}
