using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own database, with each connection counted, held up, and refused while it is away. The service opens one for each version check.</summary>
internal sealed class ObservedDatabase(DbDataSource database) : DbDataSource
{
    private int _opened;

    public int Opened => Volatile.Read(ref _opened);

    public bool IsAway { get; set; }

    /// <summary>What each connection waits for before it opens.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    public override string ConnectionString => database.ConnectionString;

    /// <summary>Puts it in the place of the service's database.</summary>
    public static void Observe(IServiceCollection parts) => Replace(parts, database => new ObservedDatabase(database));

    /// <summary>Puts something around the service's database.</summary>
    public static void Replace(IServiceCollection parts, Func<DbDataSource, DbDataSource> around)
    {
        var own = parts.Single(part => part.ServiceType == typeof(DbDataSource));
        parts.Remove(own);
        parts.AddSingleton(services => around((DbDataSource)own.ImplementationFactory!(services)));
    }

    protected override DbConnection CreateDbConnection() => database.CreateConnection();

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _opened);
        await Answering.WaitAsync(cancellationToken);
        return IsAway ? throw new SqliteException("The database is away.", 14) : await database.OpenConnectionAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }
}
