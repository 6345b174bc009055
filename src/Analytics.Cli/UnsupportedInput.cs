namespace Analytics.Cli;

/// <summary>Recognises files of another kind by their first bytes, so that they are not reported line by line.</summary>
internal static class UnsupportedInput
{
    /// <summary>How many bytes are enough, unless the file is shorter.</summary>
    public const int MinBytes = 8;

    /// <summary>One sentence that says what the file is and what to do; null for text.</summary>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        var text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        text = text.TrimStart(" \t\r\n"u8);
        return start switch
        {
            [0x1F, 0x8B, ..] => "The file is compressed with gzip: decompress it, or give it a name that ends in .gz.",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "The file is compressed with zstd: decompress it first, with zstd -d.",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "The file is compressed with xz: decompress it first, with xz -d.",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "The file is compressed with bzip2: decompress it first, with bzip2 -d.",
            [(byte)'P', (byte)'K', 3, 4, ..] => "The file is a ZIP archive or a spreadsheet: extract it, or save it as CSV.",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] =>
                "The file is UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8.",
            [_, _, 0, ..] or [_, _, _, 0, ..] => "The file is binary: export text, for example with mongoexport instead of mongodump.",
            _ => text switch
            {
                [(byte)'[', ..] =>
                    "The file is a JSON array: export it without --jsonArray, or write one document a line with jq -c '.[]'.",
                [(byte)'{', (byte)'\n', ..] or [(byte)'{', (byte)'\r', (byte)'\n', ..] =>
                    "The file is pretty-printed JSON: export it without --pretty, or write one document a line with jq -c .",
                _ => null,
            },
        };
    }
}
