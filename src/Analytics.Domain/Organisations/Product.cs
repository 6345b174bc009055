namespace Analytics.Domain.Organisations;

/// <summary>The product of the platform that a task belongs to; compared exactly.</summary>
public static class Product
{
    /// <summary>The product of work that names none.</summary>
    public const string Default = "unpod.dev";

    /// <summary>The longest product id, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>The rule, as the end of a sentence that begins with the input's name.</summary>
    public const string ValidationMessage = $"must be 1-100 {Handle.AllowedCharactersText}.";

    /// <summary>1–100 of ASCII letters, digits, <c>.</c>, <c>-</c>, <c>_</c>.</summary>
    public static bool IsValid(string product) => Handle.HasOnlyAllowedCharacters(product, MaxLength);
}
