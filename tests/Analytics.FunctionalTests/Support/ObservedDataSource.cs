using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>
/// The service's own database; connections are counted, and can be delayed or refused. The service opens one for each version check.
/// </summary>
internal sealed class ObservedDataSource(DbDataSource database) : DbDataSource
{
    private int _openedConnections;

    public int OpenedConnections => Volatile.Read(ref _openedConnections);

    public bool IsUnavailable { get; set; }

    // What each connection waits for before it opens.
    public Task BeforeOpen { get; set; } = Task.CompletedTask;

    public override string ConnectionString => database.ConnectionString;

    // Replaces the service's database.
    public static void Install(IServiceCollection services) => WrapDataSource(services, database => new ObservedDataSource(database));

    // Decorates the service's database.
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
        return IsUnavailable ? throw new SqliteException("The database is unavailable.", 14)
            : await database.OpenConnectionAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        database.Dispose();
        base.Dispose(disposing);
    }
}
