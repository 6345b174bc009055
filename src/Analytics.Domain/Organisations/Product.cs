namespace Analytics.Domain.Organisations;

/// <summary>The platform's product that a task belongs to. Product ids are compared ordinally.</summary>
public static class Product
{
    // The product of a task that names none.
    public const string Default = "unpod.dev";

    public const int MaxLength = 100;

    public const string ValidationMessage = $"must be 1-100 {Handle.AllowedCharactersText}.";

    public static bool IsValid(string product) => Handle.HasOnlyAllowedCharacters(product, MaxLength);
}
