using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The start of the next page. The window is that of the first page; the fingerprint is a hash of the filters.</summary>
internal sealed record Cursor(TimeRange Window, string Fingerprint, KeysetPosition After)
{
    /// <summary>Null unless the text is the result of <see cref="ToString"/>.</summary>
    public static Cursor? TryParse(string text) =>
        CursorText.TryDecode(text) is [var from, var to, var fingerprint, var createdAt, var taskId]
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

    public override string ToString() => CursorText.Encode(string.Create(
        CultureInfo.InvariantCulture,
        $"{Window.From?.UnixMilliseconds}\n{Window.To?.UnixMilliseconds}\n{Fingerprint}\n{After.CreatedAt}\n{After.TaskId}"));

    private static bool TryParseBound(string text, out Timestamp? bound)
    {
        var isNumber = TryParseInt64(text, out var milliseconds);
        bound = isNumber ? new Timestamp(milliseconds) : null;
        return isNumber ? RangeParser.IsValidBoundary(new Timestamp(milliseconds)) : text.Length == 0;
    }

    private static bool TryParseInt64(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
