using System.Buffers;
using System.Text;

namespace Analytics.Domain;

/// <summary>Rules for every string that is stored, so that each database accepts it and returns it unchanged.</summary>
public static class StringRules
{
    public static bool IsStorable(string text) => !HasControlCharacters(text) && IsValidUtf16(text);

    // C0, DEL and C1.
    public static bool HasControlCharacters(string text) => text.Any(char.IsControl);

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
