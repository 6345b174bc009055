using System.Text.Json;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>Finds the items of a JSON array. Their texts are not copied, so that a long array costs no more memory than its body.</summary>
internal static class JsonArrayReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>The first items, at most as many as the limit; null if the text is not one JSON array.</summary>
    public static List<ReadOnlyMemory<byte>>? TryFindItems(ReadOnlyMemory<byte> text, int limit)
    {
        text = text.Span.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;
        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        List<ReadOnlyMemory<byte>> items = [];
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(text[start..(int)reader.BytesConsumed]);
                if (items.Count == limit)
                {
                    return items;
                }
            }

            // Throws if anything but white space follows.
            return reader.Read() ? null : items;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
