using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The start of the next page. The window is that of the first page; the fingerprint is a hash of the filters.</summary>
internal sealed record Cursor(TimeRange Window, string Fingerprint, KeysetPosition After)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private string Content => string.Create(
        CultureInfo.InvariantCulture,
        $"{Window.From?.UnixMilliseconds}\n{Window.To?.UnixMilliseconds}\n{Fingerprint}\n{After.CreatedAt}\n{After.TaskId}");

    /// <summary>
    /// Null unless the text is the result of <see cref="ToString"/>. The checksum detects a changed cursor. It is not secret, so that the
    /// values are validated like parameters too.
    /// </summary>
    public static Cursor? TryParse(string text)
    {
        try
        {
            return StrictUtf8.GetString(Base64Url.DecodeFromChars(text)).Split('\n')
                    is [var from, var to, { } fingerprint, var createdAt, { } taskId, _]
                && TryParseBound(from, out var first)
                && TryParseBound(to, out var end)
                && !(first >= end)
                && TryParseInt64(createdAt, out var time)
                && new TimeRange(first, end) is var window
                && window.Contains(new Timestamp(time))
                && taskId.Length <= FieldValidator.MaxIdLength
                && StringRules.IsStorable(taskId)
                && new Cursor(window, fingerprint, new KeysetPosition(time, taskId)) is var cursor
                && cursor.ToString() == text
                ? cursor
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    // URL-safe. No part contains the line feed that separates them.
    public override string ToString() => Base64Url.EncodeToString(StrictUtf8.GetBytes($"{Content}\n{ComputeChecksum(Content)}"));

    private static string ComputeChecksum(string content) =>
        Base64Url.EncodeToString(SHA256.HashData(StrictUtf8.GetBytes(content)).AsSpan(0, 6));

    private static bool TryParseBound(string text, out Timestamp? bound)
    {
        var isNumber = TryParseInt64(text, out var milliseconds);
        bound = isNumber ? new Timestamp(milliseconds) : null;
        return isNumber ? QueryParameterReader.IsValidBoundary(new Timestamp(milliseconds)) : text.Length == 0;
    }

    private static bool TryParseInt64(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
