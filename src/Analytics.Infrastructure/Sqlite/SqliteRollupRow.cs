using System.Runtime.InteropServices;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// A row of <see cref="SqliteRollupStatements.Select"/>, read with SQLite's own API: the driver's reader takes twice as long, and a
/// request has thousands of rows.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqliteRollupRow(sqlite3_stmt row)
{
    private const int FirstMeasure = 6;

    public int RangeKey => raw.sqlite3_column_int(row, 0);

    public long StartsAt => raw.sqlite3_column_int64(row, 1);

    public long SpaceId => raw.sqlite3_column_int64(row, 2);

    public string Member => raw.sqlite3_column_text(row, 3).utf8_to_string();

    public string Agent => raw.sqlite3_column_text(row, 4).utf8_to_string();

    public string Direction => raw.sqlite3_column_text(row, 5).utf8_to_string();

    public Measures Measures =>
        Measures.FromColumns(row, FirstMeasure, static (row, column) => raw.sqlite3_column_int64(row, column));

    public void CopyMeasures(Span<long> measures)
    {
        for (var measure = 0; measure < measures.Length; measure++)
        {
            measures[measure] = raw.sqlite3_column_int64(row, FirstMeasure + measure);
        }
    }
}
