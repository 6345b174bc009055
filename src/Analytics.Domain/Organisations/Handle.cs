using System.Buffers;

namespace Analytics.Domain.Organisations;

/// <summary>An organisation's handle: a domain such as <c>recalll.co</c>, trimmed and ASCII lower-cased.</summary>
public static class Handle
{
    /// <summary>The longest handle, in characters.</summary>
    public const int MaxLength = 99;

    /// <summary>The rule, as the end of a sentence that begins with the input's name.</summary>
    public const string ValidationMessage = $"must be 1-99 {AllowedCharactersText}.";

    internal const string AllowedCharactersText = "ASCII letters, digits, '.', '-' or '_'";

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>The form in which handles are stored and looked up.</summary>
    public static string Normalize(string handle) => handle.Trim(' ').ToLowerInvariant();

    /// <summary>1–99 of ASCII letters, digits, <c>.</c>, <c>-</c>, <c>_</c>, once trimmed.</summary>
    public static bool IsValid(string handle) => HasOnlyAllowedCharacters(handle.Trim(' '), MaxLength);

    internal static bool HasOnlyAllowedCharacters(string text, int maxLength) =>
        text.Length is > 0 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExcept(Alphabet);
}
