using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own database, with each connection counted, held up, and refused while it is away. The service opens one for each version check.</summary>
internal sealed class ObservedDataSource(DbDataSource database) : DbDataSource
{
    private int _openedConnections;

    public int OpenedConnections => Volatile.Read(ref _openedConnections);

    public bool IsUnavailable { get; set; }

    /// <summary>What each connection waits for before it opens.</summary>
    public Task BeforeOpen { get; set; } = Task.CompletedTask;

    public override string ConnectionString => database.ConnectionString;

    /// <summary>Puts it in the place of the service's database.</summary>
    public static void Install(IServiceCollection services) => WrapDataSource(services, database => new ObservedDataSource(database));

    /// <summary>Puts something around the service's database.</summary>
    public static void WrapDataSource(IServiceCollection services, Func<DbDataSource, DbDataSource> wrap)
    {
        var original = services.Single(descriptor => descriptor.ServiceType == typeof(DbDataSource));
        services.Remove(original);
        services.AddSingleton(provider => wrap((DbDataSource)original.ImplementationFactory!(provider)));
    }

    protected override DbConnection CreateDbConnection() => database.CreateConnection();

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _openedConnections);
        await BeforeOpen.WaitAsync(cancellationToken);
        return IsUnavailable ? throw new SqliteException("The database is away.", 14) : await database.OpenConnectionAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }
}
