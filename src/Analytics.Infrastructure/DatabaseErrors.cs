using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Sqlite;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Analytics.Infrastructure;

public static class DatabaseErrors
{
    /// <summary>
    /// Whether a database's error ends without a new release: it is unreachable, too slow, full, too busy or read-only.
    /// Any other error is a defect, such as a statement that does not fit the schema.
    /// </summary>
    public static bool IsTransient(DbException exception) => exception switch
    {
        SqliteException sqlite => SqliteErrors.IsTransient(sqlite),
        NpgsqlException postgres => PostgresErrors.IsTransient(postgres),
        SqlException sqlServer => SqlServerErrors.IsTransient(sqlServer),
        _ => exception.IsTransient,
    };

    /// <summary>SqlClient reports a cancelled command as an error 0, as it does other errors.</summary>
    public static bool IsCancellation(Exception exception) => exception is SqlException { Number: 0 };
}
