using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Analytics.Application.Rollups;
using Analytics.Domain;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>A place in a list, between two tasks.</summary>
/// <param name="CreatedAt">The time of the task before it, in milliseconds since 1970.</param>
/// <param name="TaskId">That task; empty is before all of its time.</param>
internal sealed record Position(long CreatedAt, string TaskId)
{
    /// <summary>Before the newest task of a window.</summary>
    public static Position BeginningOf(TimeRange window) => new(window.To is { } to ? to.UnixMilliseconds - 1 : long.MaxValue, "");
}

/// <summary>Where the next page begins, and in which list.</summary>
/// <param name="Window">The time that the first page was about.</param>
/// <param name="Filters">The fingerprint of what the list was asked by.</param>
/// <param name="After">Where the next page begins.</param>
internal sealed record Cursor(TimeRange Window, string Filters, Position After)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cursor of a text that <see cref="ToString"/> gave; none of any other.</summary>
    public static Cursor? Of(string text)
    {
        try
        {
            return Strict.GetString(Base64Url.DecodeFromChars(text)).Split('\n') is [var from, var to, { } filters, var createdAt, { } taskId]
                && IsBound(from, out var first) && IsBound(to, out var end) && IsNumber(createdAt, out var time) && Text.IsStorable(taskId)
                ? new Cursor(new TimeRange(first, end), filters, new Position(time, taskId))
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One opaque word of an address. No part can hold the separator.</summary>
    public override string ToString() => Base64Url.EncodeToString(Strict.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Window.From?.UnixMilliseconds}\n{Window.To?.UnixMilliseconds}\n{Filters}\n{After.CreatedAt}\n{After.TaskId}")));

    private static bool IsBound(string text, out Instant? bound)
    {
        var isNumber = IsNumber(text, out var milliseconds);
        bound = isNumber ? new Instant(milliseconds) : null;
        return isNumber || text.Length == 0;
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
