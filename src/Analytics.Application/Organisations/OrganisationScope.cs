using Analytics.Application.Requests;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Organisations;

/// <summary>The user and the headers of an organisation-scoped request, as the client sent them.</summary>
/// <param name="UserId">Null without authentication.</param>
public sealed record OrganisationScope(
    string? UserId, StringValues OrgHandle, StringValues ProductId, IReadOnlyCollection<string> IfNoneMatch)
{
    public string Handle => Domain.Organisations.Handle.Normalize(OrgHandle.ToString());

    public string Product => ProductId.IsBlank()
        ? Domain.Organisations.Product.Default
        : ProductId.ToString().Trim(' ');
}
