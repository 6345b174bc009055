using Analytics.Infrastructure.SqlServer;
using EvolveDb.Dialect;
using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure.Migrations;

internal sealed class SqlServerMigrations(DatabaseSettings database) : EngineMigrations
{
    private const string SnapshotSql = "SELECT is_read_committed_snapshot_on FROM sys.databases WHERE database_id = DB_ID()";

    public override DBMS Dialect => DBMS.SQLServer;

    // Setting it needs ALTER permission and no other session.
    public override void ValidateDatabase(DbConnection connection)
    {
        if (!connection.ExecuteScalar<bool>(SnapshotSql))
        {
            throw new ConfigurationException(
                $"The database of {SettingKeys.ConnectionString} makes readers wait for writers: run \"ALTER DATABASE [{connection.Database}] SET READ_COMMITTED_SNAPSHOT ON\" while nobody uses it.");
        }
    }

    // The timeouts of reads: SqlClient retries, so a start would wait long for a server that is down.
    public override DbConnection? Open() => OpenOrThrow(Connection(SqlServerDatabase.ForReading(database)));

    protected override string? FindHint(string reason) => reason.Contains("SSL", StringComparison.Ordinal)
        ? "The server must offer TLS, with a certificate for its host name whose authority this machine trusts, or that Server Certificate= names."
        : null;

    protected override DbConnection CreateConnection() => Connection(SqlServerDatabase.ForWriting(database));

    private static SqlConnection Connection(SqlConnectionStringBuilder settings)
    {
        settings.Pooling = false;
        settings.CommandTimeout = 0;
        return new SqlConnection(settings.ConnectionString);
    }
}
