using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Analytics.Cli;

/// <summary>Reads a CSV file with a header. Columns may stand in any order; unknown ones are ignored.</summary>
internal static class CsvRows
{
    public static IEnumerable<T> Read<T>(Stream text, string[] columns, Func<long, Func<string, string?>, T> toRow)
    {
        using var reader = new StreamReader(text);
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant(),
            MissingFieldFound = null,
            BadDataFound = null,
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
            yield return toRow(csv.Parser.RawRow, column => csv.GetField(column));
        }
    }
}
