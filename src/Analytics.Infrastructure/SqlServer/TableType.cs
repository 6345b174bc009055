using Dapper;
using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>A type of table that the schema declares. Rows are sent by position: its columns are the declared ones, in their order.</summary>
internal sealed record TableType(string Name, SqlMetaData[] Columns)
{
    public override string ToString() => Name;

    /// <summary>Rows of it, as a parameter.</summary>
    public SqlMapper.ICustomQueryParameter ToParameter(IEnumerable<object?[]> rows) => Stream(rows).AsTableValuedParameter(Name);

    /// <summary>One record that is filled again for each row, as the driver sends them one by one.</summary>
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
