using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>An SQLite file, which must be there: only a migration creates it.</summary>
internal sealed class SqliteDatabase(string connectionString) : DbDataSource
{
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite }.ToString();

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);
}
