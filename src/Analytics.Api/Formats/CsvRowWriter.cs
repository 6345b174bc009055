using System.Text;
using CsvHelper;

namespace Analytics.Api.Formats;

/// <summary>Writes the header even if there are no rows.</summary>
internal sealed class CsvRowWriter<T> : IRowWriter<T>
    where T : class
{
    private readonly IReadOnlyList<Column> _columns;
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture);
    private readonly CsvWriter _csv;

    public CsvRowWriter(IReadOnlyList<Column> columns)
    {
        _columns = columns;
        _csv = new CsvWriter(_text, CultureInfo.InvariantCulture);
        WriteLine(columns.Select(column => column.Name));
    }

    public string ContentType => $"{ContentNegotiation.Csv}; charset=utf-8";

    public string Extension => "csv";

    public int Pending => _text.GetStringBuilder().Length;

    public void Write(T row) => WriteLine(_columns.Select(column => column.GetText(row)));

    public ReadOnlyMemory<byte> Drain()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.GetStringBuilder().Clear();
        return bytes;
    }

    public void Dispose() => _csv.Dispose();

    private void WriteLine(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            _csv.WriteField(field);
        }

        _csv.NextRecord();
        _csv.Flush();
    }
}
