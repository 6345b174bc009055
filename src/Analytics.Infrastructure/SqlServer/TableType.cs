using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>A table type of the schema. Rows are sent by position, so the columns are the declared ones in their order.</summary>
internal sealed record TableType(string Name, SqlMetaData[] Columns)
{
    public override string ToString() => Name;

    public SqlMapper.ICustomQueryParameter ToParameter(IEnumerable<object?[]> rows) => Stream(rows).AsTableValuedParameter(Name);

    // SqlClient sends records one by one, so one record is reused for all rows.
    private IEnumerable<SqlDataRecord> Stream(IEnumerable<object?[]> rows)
    {
        var record = new SqlDataRecord(Columns);
        foreach (var row in rows)
        {
            record.SetValues([.. row.Select(value => value ?? DBNull.Value)]);
            yield return record;
        }
    }
}
