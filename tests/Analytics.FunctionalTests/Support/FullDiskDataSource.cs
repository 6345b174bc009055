using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own file, on a disk that may be full: then whoever writes gets no page more than there are.</summary>
internal sealed class FullDiskDataSource(DbDataSource database) : DbDataSource
{
    private const long MaxPages = 4_294_967_294;

    public bool IsFull { get; set; }

    public override string ConnectionString => database.ConnectionString;

    /// <summary>Puts it under the service's database.</summary>
    public static void Install(IServiceCollection services) => ObservedDataSource.WrapDataSource(services, database => new FullDiskDataSource(database));

    /// <summary>The writers' connections; readers open theirs.</summary>
    protected override DbConnection CreateDbConnection() => new LimitedConnection(this);

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => database.OpenConnectionAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }

    private sealed class LimitedConnection(FullDiskDataSource dataSource) : SqliteConnection(dataSource.ConnectionString)
    {
        /// <summary>Each time: a pooled connection keeps its limit. One that is too low is that of the pages there are.</summary>
        public override void Open()
        {
            base.Open();
            this.Execute($"PRAGMA max_page_count = {(dataSource.IsFull ? 1 : MaxPages)}");
        }
    }
}
