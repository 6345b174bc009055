using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Analytics.Cli;

/// <summary>Reads a CSV file with a header. Columns may stand in any order; unknown ones are ignored.</summary>
internal static class CsvRows
{
    /// <summary>
    /// Reads the whole file first, so that an invalid file changes nothing. A file that may be cut in its last line is
    /// rejected if it <paramref name="mustBeComplete"/>.
    /// </summary>
    public static IReadOnlyList<T> Read<T>(Stream text, string[] columns, Func<CsvLine, T> toRow, bool mustBeComplete = false)
    {
        try
        {
            return [.. Rows(text, columns, toRow, mustBeComplete)];
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("The file is not UTF-8.");
        }
        catch (InvalidDataException exception)
        {
            throw new UsageException($"{exception.Message} Nothing was changed.");
        }
        catch (BadDataException exception)
        {
            RejectOtherSeparator(exception.RawRecord, columns);
            throw new UsageException(
                $"Line {exception.Context?.Parser?.RawRow} is not CSV: a quote stands inside a field that is not quoted.");
        }
    }

    private static IEnumerable<T> Rows<T>(Stream text, string[] columns, Func<CsvLine, T> toRow, bool mustBeComplete)
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

        var header = csv.HeaderRecord!.Select(name => name.Trim().ToLowerInvariant()).ToLookup(name => name, StringComparer.Ordinal);
        if (columns.FirstOrDefault(column => header[column].Count() > 1) is { } repeated)
        {
            throw new UsageException($"The file has the column {repeated} more than once.");
        }

        if (columns.FirstOrDefault(column => !header.Contains(column)) is { } missing)
        {
            RejectOtherSeparator(csv.Parser.RawRecord, columns);
            throw new UsageException(
                $"The file has no column {missing}: its first line must name the columns {string.Join(", ", columns)}.");
        }

        var isLastComplete = true;
        while (csv.Read())
        {
            // A quoted field without a closing quote extends to the end of the file.
            if (csv.Parser.RawRecord.Count(character => character == '"') % 2 != 0)
            {
                throw new UsageException($"Up to line {csv.Parser.RawRow} the quotes do not pair.");
            }

            var error = csv.Parser.Count == csv.HeaderRecord!.Length
                ? null
                : $"The line has {csv.Parser.Count} fields, and the header {csv.HeaderRecord.Length}.";
            isLastComplete = csv.Parser.Count >= csv.HeaderRecord.Length && csv.Parser.RawRecord[^1] is '\n' or '\r';
            yield return toRow(new CsvLine(csv.Parser.RawRow, error, csv));
        }

        if (mustBeComplete && !isLastComplete)
        {
            throw new UsageException("The file is cut: its last line lacks fields or the line end. Nothing was changed.");
        }
    }

    // Spreadsheets of some languages separate by semicolons.
    private static void RejectOtherSeparator(string record, string[] columns)
    {
        foreach (var (separator, name) in new[] { (';', "semicolons"), ('\t', "tabs") })
        {
            if (columns.All(column => Array.Exists(
                record.Split(separator), field => field.Trim(' ', '"', '\r', '\n').Equals(column, StringComparison.OrdinalIgnoreCase))))
            {
                throw new UsageException($"The columns are separated by {name}: save the file with commas between them.");
            }
        }
    }
}

/// <summary>One line. With a <c>parseError</c>, no field is read.</summary>
internal sealed class CsvLine(long number, string? parseError, CsvReader csv)
{
    public long Number => number;

    public string? ParseError => parseError;

    public string? this[string column] => parseError is null ? csv.GetField(column) : null;
}
