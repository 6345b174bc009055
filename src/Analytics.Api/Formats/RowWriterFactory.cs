using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.Formats;

internal static class RowWriterFactory
{
    /// <summary>CSV has the same columns whatever the rows are.</summary>
    public static IRowWriter<T> Create<T>(
        ResponseFormat format, IReadOnlyCollection<string> optionalProperties, JsonSerializerOptions json)
        where T : class => format switch
    {
        ResponseFormat.Csv => new CsvRowWriter<T>(Column.ForType<T>(json, optionalProperties)),
        ResponseFormat.Ndjson => new NdjsonRowWriter<T>(json),
        ResponseFormat.Json => throw new ArgumentOutOfRangeException(nameof(format), format, "JSON is not a table."),
    };
}
