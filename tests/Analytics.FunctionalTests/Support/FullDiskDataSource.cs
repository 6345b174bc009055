using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own file, on a disk that may be full: then no writer can add a page.</summary>
internal sealed class FullDiskDataSource(DbDataSource database) : DbDataSource
{
    private const long MaxPages = 4_294_967_294;

    public bool IsFull { get; set; }

    public override string ConnectionString => database.ConnectionString;

    // Inserts it below the service's database.
    public static void Install(IServiceCollection services) =>
        ObservedDataSource.WrapDataSource(services, database => new FullDiskDataSource(database));

    // The connections of writers; readers open their own.
    protected override DbConnection CreateDbConnection() => new LimitedConnection(this);

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        database.OpenConnectionAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }

    private sealed class LimitedConnection(FullDiskDataSource dataSource) : SqliteConnection(dataSource.ConnectionString)
    {
        // Sets the limit each time, since a pooled connection retains it. A limit below the current number of pages means that number.
        public override void Open()
        {
            base.Open();
            this.Execute($"PRAGMA max_page_count = {(dataSource.IsFull ? 1 : MaxPages)}");
        }
    }
}
