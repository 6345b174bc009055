using System.Data.Common;
using Analytics.Infrastructure.Configuration;
using EvolveDb.Dialect;

namespace Analytics.Infrastructure.Migrations;

/// <summary>What is an engine's own about migrating.</summary>
internal abstract class EngineMigrations
{
    /// <summary>The engine as Evolve calls it; left to itself it asks the server, and takes the word of those that only speak its language.</summary>
    public abstract DBMS Dialect { get; }

    /// <summary>What to look at when the server and we cannot agree on encryption.</summary>
    protected abstract string EncryptionHint { get; }

    /// <summary>Opens the database; null when it is not there.</summary>
    public virtual DbConnection? Open() => OpenOrThrow(CreateConnection());

    /// <summary>Opens the database to migrate it, and creates it where the engine lets a client do that.</summary>
    public virtual DbConnection OpenToMigrate()
    {
        var connection = OpenOrThrow(CreateConnection());
        ValidateDatabase(connection);
        return connection;
    }

    /// <summary>Waits until nobody else migrates, where Evolve does not do so by itself.</summary>
    public virtual Task<IAsyncDisposable?> AcquireMigrationLockAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>Where the tables are, where that is not one and the same place for everybody.</summary>
    public virtual IEnumerable<string> Schemas(DbConnection connection) => [];

    /// <summary>Stops where the database is set up so that texts would be lost or readers and writers wait for each other.</summary>
    public abstract void ValidateDatabase(DbConnection connection);

    /// <summary>A connection that is not kept after its use, and on which a script may take its time.</summary>
    protected abstract DbConnection CreateConnection();

    protected DbConnection OpenOrThrow(DbConnection connection)
    {
        try
        {
            connection.Open();
            return connection;
        }
        catch (DbException exception)
        {
            connection.Dispose();
            var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
            var hint = reason.Contains("SSL", StringComparison.Ordinal) ? $" {EncryptionHint}" : "";
            throw new ConfigurationException($"The database of {DatabaseSettings.ConnectionStringKey} cannot be opened: {reason}.{hint}");
        }
    }
}
