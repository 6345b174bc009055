using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own file, whose writes report no number of rows, as on SQL Server with NOCOUNT.</summary>
internal sealed class UncountedDataSource(DbDataSource database) : DbDataSource
{
    public bool IsUncounted { get; set; }

    public override string ConnectionString => database.ConnectionString;

    // Inserts it below the service's database.
    public static void Install(IServiceCollection services) =>
        ObservedDataSource.WrapDataSource(services, database => new UncountedDataSource(database));

    // The connections of writers; readers open their own.
    protected override DbConnection CreateDbConnection() =>
        IsUncounted ? new UncountedConnection(ConnectionString) : database.CreateConnection();

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        database.OpenConnectionAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }

    private sealed class UncountedConnection(string connectionString) : SqliteConnection(connectionString)
    {
        public override SqliteCommand CreateCommand() =>
            new UncountedCommand { Connection = this, CommandTimeout = DefaultTimeout, Transaction = Transaction };
    }

    private sealed class UncountedCommand : SqliteCommand
    {
        public override int ExecuteNonQuery()
        {
            base.ExecuteNonQuery();
            return -1;
        }
    }
}
