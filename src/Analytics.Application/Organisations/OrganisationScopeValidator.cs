using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Organisations;

/// <summary>The rules of the headers of every organisation-scoped request. Their errors precede those of its own rules.</summary>
public sealed class OrganisationScopeValidator : AbstractValidator<IOrganisationRequest>
{
    /// <summary>The error code of a missing handle.</summary>
    public const string HandleRequired = "org_handle_required";

    public OrganisationScopeValidator()
    {
        RuleFor(request => request.Scope.OrgHandle)
            .Required($"{ParameterNames.OrgHandle} header is required.").WithErrorCode(HandleRequired)
            .SingleValue(ParameterNames.OrgHandle)
            .MustMatch(Handle.IsValid, $"{ParameterNames.OrgHandle} {Handle.ValidationMessage}");

        RuleFor(request => request.Scope.ProductId)
            .SingleValue(ParameterNames.ProductId)
            .MustMatch(product => Product.IsValid(product.Trim(' ')), $"{ParameterNames.ProductId} {Product.ValidationMessage}");
    }
}
