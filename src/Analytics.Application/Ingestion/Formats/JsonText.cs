using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Analytics.Domain;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>What both formats read of JSON.</summary>
internal static class JsonText
{
    /// <summary>What stands in for a text in which a surrogate lacks its pair, so that the rules can name it.</summary>
    private const string UnpairedSurrogate = "\uD800";

    /// <summary>A document store nests up to 100 levels, in fields that are not ours.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private static readonly string[] IsoTimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK",
        "yyyy-MM-dd",
    ];

    /// <summary>A string's text.</summary>
    public static string GetStringOrInvalid(this JsonElement text) =>
        HasUnpairedSurrogate(JsonMarshal.GetRawUtf8Value(text)) ? UnpairedSurrogate : text.GetString() ?? "";

    /// <summary>A property's name.</summary>
    public static string GetName(this JsonProperty property) =>
        HasUnpairedSurrogate(JsonMarshal.GetRawUtf8PropertyName(property)) ? UnpairedSurrogate : property.Name;

    /// <summary>The document of a line, or why it is none.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> line, out string reason)
    {
        reason = "";
        if (!Utf8.IsValid(line.Span))
        {
            reason = "The line is not UTF-8.";
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(line, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            reason = "The line is not a JSON object: each line must hold one task.";
        }
        catch (JsonException)
        {
            reason = "The line is not JSON.";
        }

        return null;
    }

    /// <summary>An ISO 8601 time; UTC where it names no zone. Digits finer than 100 ns are cut.</summary>
    public static Timestamp? ParseTime(string text) =>
        DateTimeOffset.TryParseExact(
            TruncateFraction(text), IsoTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? Timestamp.From(time)
            : null;

    /// <summary>A number, or the number that a text spells.</summary>
    public static decimal? ParseDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether a number has more decimals than a decimal takes, which then holds another number.</summary>
    public static bool LosesPrecision(JsonElement number)
    {
        const int MaxDecimals = 28;
        var parts = number.GetRawText().Split('e', 'E');
        var exponent = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var fraction = parts[0].Split('.').ElementAtOrDefault(1)?.TrimEnd('0').Length ?? 0;
        return parts[0].AsSpan().ContainsAnyInRange('1', '9') && fraction - exponent > MaxDecimals;
    }

    /// <summary>Whether escapes spell half a character. Asked for such a text the library throws, which costs far too much where there are many.</summary>
    private static bool HasUnpairedSurrogate(ReadOnlySpan<byte> raw)
    {
        const int HexDigits = 4;
        var isInPair = false;
        for (var index = raw.IndexOf((byte)'\\'); index >= 0 && index < raw.Length; index++)
        {
            var codeUnit = '\0';
            if (raw[index] == '\\' && raw[++index] == 'u')
            {
                codeUnit = (char)ushort.Parse(raw.Slice(index + 1, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                index += HexDigits;
            }

            if (char.IsLowSurrogate(codeUnit) != isInPair)
            {
                return true;
            }

            isInPair = char.IsHighSurrogate(codeUnit);
        }

        return isInPair;
    }

    private static string TruncateFraction(string text)
    {
        const int MaxFractionDigits = 7;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return text;
        }

        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - point - 1 <= MaxFractionDigits ? text : string.Concat(text.AsSpan(0, point + 1 + MaxFractionDigits), text.AsSpan(end));
    }
}
