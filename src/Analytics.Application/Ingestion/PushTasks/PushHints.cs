using System.Text.Json;
using Analytics.Application.Ingestion.Formats;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>What a client should change if a part of its body is not one task: mostly, its tool changed the line breaks.</summary>
internal static class PushHints
{
    private const string OneTaskALine =
        "send each task as one line (jq -c makes it), with --data-binary if you use curl, since --data removes line breaks.";

    /// <summary>Null if the text is a JSON object, so that the format's own message tells what is wrong.</summary>
    public static string? Find(ReadOnlySpan<byte> text, PushFormat format)
    {
        // The format's own message names the byte order mark.
        if (text.StartsWith("\uFEFF"u8))
        {
            return null;
        }

        var first = ReadFirstValue(text, out var isFollowed);
        return (first, format) switch
        {
            (JsonTokenType.StartObject, _) when !isFollowed => null,
            (JsonTokenType.None, PushFormat.Lines) => $"The line is not JSON: {OneTaskALine}",
            (_, PushFormat.Lines) when isFollowed => $"The line holds more than one JSON value: {OneTaskALine}",
            (JsonTokenType.StartArray, PushFormat.Lines) =>
                "The line is a JSON array: send an array as application/json, or each of its tasks as one line.",
            (_, PushFormat.Lines) => "The line is not a JSON object: each line must hold one task.",
            (_, PushFormat.Array) => "The item is not a JSON object: each item must be one task.",
        };
    }

    // The kind of the first value, or none if it is not JSON or not whole; and whether more than white space follows it.
    private static JsonTokenType ReadFirstValue(ReadOnlySpan<byte> text, out bool isFollowed)
    {
        isFollowed = false;
        var reader = new Utf8JsonReader(
            text, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth, AllowMultipleValues = true });
        try
        {
            reader.Read();
            var first = reader.TokenType;
            reader.Skip();
            isFollowed = text[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8);
            return first;
        }
        catch (JsonException)
        {
            return JsonTokenType.None;
        }
    }
}
