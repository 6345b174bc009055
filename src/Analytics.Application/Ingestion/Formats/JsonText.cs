using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>JSON parsing that both formats share.</summary>
internal static class JsonText
{
    // MongoDB allows 100 levels, in fields that are not read here too.
    public const int MaxDepth = 256;

    // Replaces a string that contains an unpaired surrogate, so that the field's own validation rejects it.
    private const string UnpairedSurrogate = "\uD800";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    private static readonly string[] IsoTimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    public static string GetStringOrInvalid(this JsonElement text) =>
        HasUnpairedSurrogate(JsonMarshal.GetRawUtf8Value(text)) ? UnpairedSurrogate : text.GetString() ?? "";

    public static string GetName(this JsonProperty property) =>
        HasUnpairedSurrogate(JsonMarshal.GetRawUtf8PropertyName(property)) ? UnpairedSurrogate : property.Name;

    // Returns null and a reason if the line is not a JSON object.
    public static JsonDocument? Parse(ReadOnlyMemory<byte> line, out string reason)
    {
        reason = "";
        if (!Utf8.IsValid(line.Span))
        {
            reason = "The line is not UTF-8.";
            return null;
        }

        if (line.Span.StartsWith("\uFEFF"u8))
        {
            reason = "The line begins with a byte order mark, as where files were joined: remove it.";
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

    // ISO 8601, in UTC if it has no zone. Digits beyond 100 ns are truncated.
    public static Timestamp? ParseTime(string text) =>
        !StringRules.HasControlCharacters(text)
        && DateTimeOffset.TryParseExact(
            ToCanonicalTime(text),
            IsoTimeFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? Timestamp.From(time)
            : null;

    // .NET ignores NULs after a number. Null also for a negative number that System.Decimal rounds to zero.
    public static decimal? ParseDecimal(string text) =>
        !StringRules.HasControlCharacters(text)
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && (number != 0 || !IsNegative(text))
            ? number
            : null;

    public static long? ParseInt64(string text) =>
        !StringRules.HasControlCharacters(text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // From the text, because System.Decimal rounds. A double holds the sign and the magnitude of any exponent.
    public static bool HasMoreDecimals(string number, int maxDecimals)
    {
        var (mantissa, exponent) = SplitExponent(number);
        var fraction = mantissa.Split('.').ElementAtOrDefault(1)?.TrimEnd('0').Length ?? 0;
        var trailingZeros = fraction == 0 ? mantissa.Split('.')[0].Reverse().TakeWhile(digit => digit == '0').Count() : 0;
        return HasNonZeroDigit(mantissa) && fraction - trailingZeros - exponent > maxDecimals;
    }

    private static bool IsNegative(string number) => number.TrimStart().StartsWith('-') && HasNonZeroDigit(SplitExponent(number).Mantissa);

    private static bool HasNonZeroDigit(string mantissa) => mantissa.AsSpan().ContainsAnyInRange('1', '9');

    private static (string Mantissa, double Exponent) SplitExponent(string number) => number.Split('e', 'E') switch
    {
        [var mantissa, var exponent] => (mantissa, double.Parse(exponent, CultureInfo.InvariantCulture)),
        _ => (number, 0),
    };

    // JsonElement.GetString throws for an unpaired surrogate. An exception for each line would make large inputs too slow.
    private static bool HasUnpairedSurrogate(ReadOnlySpan<byte> raw)
    {
        const int HexDigits = 4;
        var isInPair = false;
        for (var index = raw.IndexOf((byte)'\\'); index >= 0 && index < raw.Length; index++)
        {
            var codeUnit = '\0';
            if (raw[index] == '\\' && raw[++index] == 'u')
            {
                var hex = raw.Slice(index + 1, HexDigits);
                codeUnit = (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
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

    // .NET reads neither a comma before the fraction, nor an offset without a colon or minutes, nor lower case.
    private static string ToCanonicalTime(string text)
    {
        const int DateLength = 10;
        if (text.Length <= DateLength || text[DateLength] is not ('T' or 't' or ' '))
        {
            return text;
        }

        var time = text[(DateLength + 1)..];
        var zoneStart = time.AsSpan().IndexOfAny("Zz+-") is >= 0 and var index ? index : time.Length;
        var zone = time[zoneStart..] switch
        {
            [('+' or '-'), _, _] hours => $"{hours}:00",
            [('+' or '-'), _, _, not ':', _] offset => offset.Insert(3, ":"),
            var other => other.ToUpperInvariant(),
        };
        return $"{text[..DateLength]}T{TruncateFraction(time[..zoneStart].Replace(',', '.'))}{zone}";
    }

    private static string TruncateFraction(string time)
    {
        const int MaxFractionDigits = 7;
        var length = time.IndexOf('.', StringComparison.Ordinal) + 1 + MaxFractionDigits;
        return time.Contains('.', StringComparison.Ordinal) && time.Length > length
            && !time.AsSpan(length).ContainsAnyExceptInRange('0', '9')
            ? time[..length]
            : time;
    }
}
