using System.Buffers;
using System.Text;

namespace Analytics.Domain;

/// <summary>What every text that is stored must satisfy.</summary>
public static class StringRules
{
    /// <summary>Neither control characters nor unpaired surrogates.</summary>
    public static bool IsStorable(string text) => !HasControlCharacters(text) && IsValidUtf16(text);

    /// <summary>Whether a character is a control character (C0, DEL or C1).</summary>
    public static bool HasControlCharacters(string text) => text.Any(char.IsControl);

    /// <summary>Whether every surrogate has its pair.</summary>
    public static bool IsValidUtf16(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
