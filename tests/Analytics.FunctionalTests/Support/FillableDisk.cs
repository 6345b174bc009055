using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own file, on a disk that may be full: then whoever writes gets no page more than there are.</summary>
internal sealed class FillableDisk(DbDataSource database) : DbDataSource
{
    private const long MostPages = 4_294_967_294;

    public bool IsFull { get; set; }

    public override string ConnectionString => database.ConnectionString;

    /// <summary>Puts it under the service's database.</summary>
    public static void Put(IServiceCollection parts) => ObservedDatabase.Replace(parts, database => new FillableDisk(database));

    /// <summary>The writers' connections; readers open theirs.</summary>
    protected override DbConnection CreateDbConnection() => new LimitedConnection(this);

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => database.OpenConnectionAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }

    private sealed class LimitedConnection(FillableDisk disk) : SqliteConnection(disk.ConnectionString)
    {
        /// <summary>Each time: a pooled connection keeps its limit. One that is too low is that of the pages there are.</summary>
        public override void Open()
        {
            base.Open();
            this.Execute($"PRAGMA max_page_count = {(disk.IsFull ? 1 : MostPages)}");
        }
    }
}
