namespace Analytics.Application.Pipeline;

/// <summary>The inputs as the client spells them: in requests, in the errors about them and in the documentation.</summary>
public static class InputNames
{
    /// <summary>The header that names the organisation.</summary>
    public const string OrgHandle = "Org-Handle";

    /// <summary>The header that names the product.</summary>
    public const string ProductId = "Product-Id";

    /// <summary>The query parameter that names one space.</summary>
    public const string SpaceToken = "space_token";
}
