using System.Buffers.Text;
using System.Text;
using Analytics.Application.Rollups;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>A page starts after this task. An empty id sorts before all tasks with the same time.</summary>
internal sealed record KeysetPosition(long CreatedAt, string TaskId)
{
    public static KeysetPosition StartOf(TimeRange window) => new(window.To is { } to ? to.UnixMilliseconds - 1 : long.MaxValue, "");
}

/// <summary>The start of the next page. The window is that of the first page; the fingerprint is a hash of the filters.</summary>
internal sealed record Cursor(TimeRange Window, string Fingerprint, KeysetPosition After)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null unless the text is the result of <see cref="ToString"/>.</summary>
    public static Cursor? TryParse(string text)
    {
        try
        {
            return StrictUtf8.GetString(Base64Url.DecodeFromChars(text)).Split('\n')
                    is [var from, var to, { } fingerprint, var createdAt, { } taskId]
                && TryParseBound(from, out var first)
                && TryParseBound(to, out var end)
                && TryParseInt64(createdAt, out var time)
                && StringRules.IsStorable(taskId)
                ? new Cursor(new TimeRange(first, end), fingerprint, new KeysetPosition(time, taskId))
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    // URL-safe. No part contains the line feed that separates them.
    public override string ToString() => Base64Url.EncodeToString(StrictUtf8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Window.From?.UnixMilliseconds}\n{Window.To?.UnixMilliseconds}\n{Fingerprint}\n{After.CreatedAt}\n{After.TaskId}")));

    private static bool TryParseBound(string text, out Timestamp? bound)
    {
        var isNumber = TryParseInt64(text, out var milliseconds);
        bound = isNumber ? new Timestamp(milliseconds) : null;
        return isNumber || text.Length == 0;
    }

    private static bool TryParseInt64(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
