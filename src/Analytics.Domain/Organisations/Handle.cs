using System.Buffers;

namespace Analytics.Domain.Organisations;

/// <summary>An organisation's handle: a domain such as <c>recalll.co</c>, trimmed and lower-cased.</summary>
public static class Handle
{
    public const int MaxLength = 99;

    // A validation message is the end of a sentence that begins with the input's name.
    public const string ValidationMessage = $"must be 1-99 {AllowedCharactersText}.";

    internal const string AllowedCharactersText = "ASCII letters, digits, '.', '-' or '_'";

    private static readonly SearchValues<char> AllowedCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    public static string Normalize(string handle) => CaseInsensitive.Normalize(handle);

    public static bool IsValid(string handle) => HasOnlyAllowedCharacters(handle.Trim(' '), MaxLength);

    internal static bool HasOnlyAllowedCharacters(string text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(AllowedCharacters);
}
