using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.Application.Requests;

/// <summary>
/// The text of a cursor, URL-safe. A checksum detects a changed cursor. It is not secret, so that the values are validated like
/// parameters too.
/// </summary>
internal static class CursorText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="values">Separated by line feeds, which no value contains.</param>
    public static string Encode(string values) =>
        Base64Url.EncodeToString(StrictUtf8.GetBytes($"{values}\n{ComputeChecksum(values)}"));

    /// <summary>Null unless the text is the result of <see cref="Encode"/>.</summary>
    public static string[]? TryDecode(string text)
    {
        try
        {
            var values = StrictUtf8.GetString(Base64Url.DecodeFromChars(text)).Split('\n')[..^1];
            return Encode(string.Join('\n', values)) == text ? values : null;
        }
        catch (Exception malformed) when (malformed is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string ComputeChecksum(string values) =>
        Base64Url.EncodeToString(SHA256.HashData(StrictUtf8.GetBytes(values)).AsSpan(0, 6));
}
