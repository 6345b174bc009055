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
            .Matching(Handle.IsValid, $"Org-Handle must be 1-{Handle.MaxLength} ASCII letters, digits, '.', '-' or '_'.");

        RuleFor(request => request.Scope.ProductId)
            .GivenOnce("Product-Id")
            .Matching(product => Product.IsValid(product.Trim()), $"Product-Id must be 1-{Product.MaxLength} ASCII letters, digits, '.', '-' or '_'.");
    }
}
