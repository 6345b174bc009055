using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Analytics.Cli;

/// <summary>Reads a CSV file with a header. Columns may stand in any order; unknown ones are ignored.</summary>
internal static class CsvRows
{
    /// <summary>The whole file, so that one that is damaged changes nothing.</summary>
    public static IReadOnlyList<T> Read<T>(Stream text, string[] columns, Func<CsvLine, T> toRow)
    {
        try
        {
            return [.. Rows(text, columns, toRow)];
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("The file is not UTF-8.");
        }
        catch (BadDataException damage)
        {
            throw new UsageException($"Line {damage.Context?.Parser?.RawRow} is not CSV: a quote stands inside a field that is not quoted.");
        }
    }

    private static IEnumerable<T> Rows<T>(Stream text, string[] columns, Func<CsvLine, T> toRow)
    {
        using var reader = new StreamReader(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant(),
            MissingFieldFound = null,
        });

        if (!csv.Read() || !csv.ReadHeader())
        {
            throw new UsageException($"The file is empty: its first line must name the columns {string.Join(", ", columns)}.");
        }

        var header = csv.HeaderRecord!.Select(name => name.Trim().ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (columns.FirstOrDefault(column => !header.Contains(column)) is { } missing)
        {
            throw new UsageException($"The file has no column {missing}: its first line must name the columns {string.Join(", ", columns)}.");
        }

        while (csv.Read())
        {
            // A quote that is never closed takes the rest of the file with it.
            if (csv.Parser.RawRecord.Count(character => character == '"') % 2 != 0)
            {
                throw new UsageException($"Up to line {csv.Parser.RawRow} the quotes do not pair.");
            }

            var damage = csv.Parser.Count == csv.HeaderRecord!.Length ? null : $"The line has {csv.Parser.Count} fields, and the header {csv.HeaderRecord.Length}.";
            yield return toRow(new CsvLine(csv.Parser.RawRow, damage, csv));
        }
    }
}

/// <summary>One line; with <c>damage</c> no field is read.</summary>
internal sealed class CsvLine(long number, string? damage, CsvReader csv)
{
    public long Number => number;

    public string? ParseError => damage;

    public string? this[string column] => damage is null ? csv.GetField(column) : null;
}
