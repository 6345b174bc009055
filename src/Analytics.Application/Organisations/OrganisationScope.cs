using Analytics.Application.Requests;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Organisations;

/// <summary>Who asks about which organisation, as the caller gave it.</summary>
/// <param name="UserId">The authenticated user; absent when there is none.</param>
/// <param name="OrgHandle">The values of the <c>Org-Handle</c> header.</param>
/// <param name="ProductId">The values of the <c>Product-Id</c> header.</param>
/// <param name="IfNoneMatch">The tags of the answers that the caller still holds (<c>If-None-Match</c>).</param>
public sealed record OrganisationScope(string? UserId, StringValues OrgHandle, StringValues ProductId, IReadOnlyCollection<string> IfNoneMatch)
{
    /// <summary>The handle as it is looked up.</summary>
    public string Handle => Domain.Organisations.Handle.Normalize(OrgHandle.ToString());

    /// <summary>The product as it is compared: blank or absent is the default.</summary>
    public string Product => ProductId.IsNullOrWhiteSpace() ? Domain.Organisations.Product.Default : ProductId.ToString().Trim(' ');
}
