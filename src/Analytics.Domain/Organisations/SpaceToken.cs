namespace Analytics.Domain.Organisations;

/// <summary>A space's token, unique within its organisation. Tokens are compared ordinally.</summary>
public static class SpaceToken
{
    public const int MaxLength = 30;

    public const string ValidationMessage = "must be 1-30 ASCII letters or digits.";

    public static bool IsValid(string token) => token.Length is > 0 and <= MaxLength && token.All(char.IsAsciiLetterOrDigit);
}
