namespace Analytics.Domain.Organisations;

/// <summary>A space's token, unique within its organisation; compared exactly.</summary>
public static class SpaceToken
{
    /// <summary>The longest token, in characters.</summary>
    public const int MaxLength = 30;

    /// <summary>The rule, as the end of a sentence that begins with the input's name.</summary>
    public const string ValidationMessage = "must be 1-30 ASCII letters or digits.";

    /// <summary>1–30 ASCII letters or digits.</summary>
    public static bool IsValid(string token) => token.Length is > 0 and <= MaxLength && token.All(char.IsAsciiLetterOrDigit);
}
