using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Analytics.Application.Rollups;
using Analytics.Domain;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>A place in a list, between two tasks.</summary>
/// <param name="CreatedAt">The time of the task before it, in milliseconds since 1970.</param>
/// <param name="TaskId">That task; empty is before all of its time.</param>
internal sealed record KeysetPosition(long CreatedAt, string TaskId)
{
    /// <summary>Before the newest task of a window.</summary>
    public static KeysetPosition StartOf(TimeRange window) => new(window.To is { } to ? to.UnixMilliseconds - 1 : long.MaxValue, "");
}

/// <summary>Where the next page begins, and in which list.</summary>
/// <param name="Window">The time that the first page was about.</param>
/// <param name="Fingerprint">The fingerprint of what the list was asked by.</param>
/// <param name="After">Where the next page begins.</param>
internal sealed record Cursor(TimeRange Window, string Fingerprint, KeysetPosition After)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cursor of a text that <see cref="ToString"/> gave; none of any other.</summary>
    public static Cursor? TryParse(string text)
    {
        try
        {
            return StrictUtf8.GetString(Base64Url.DecodeFromChars(text)).Split('\n') is [var from, var to, { } fingerprint, var createdAt, { } taskId]
                && TryParseBound(from, out var first) && TryParseBound(to, out var end) && TryParseInt64(createdAt, out var time) && StringRules.IsStorable(taskId)
                ? new Cursor(new TimeRange(first, end), fingerprint, new KeysetPosition(time, taskId))
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One opaque word of an address. No part can hold the separator.</summary>
    public override string ToString() => Base64Url.EncodeToString(StrictUtf8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Window.From?.UnixMilliseconds}\n{Window.To?.UnixMilliseconds}\n{Fingerprint}\n{After.CreatedAt}\n{After.TaskId}")));

    private static bool TryParseBound(string text, out Timestamp? bound)
    {
        var isNumber = TryParseInt64(text, out var milliseconds);
        bound = isNumber ? new Timestamp(milliseconds) : null;
        return isNumber || text.Length == 0;
    }

    private static bool TryParseInt64(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
