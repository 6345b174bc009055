using EvolveDb.Dialect;

namespace Analytics.Infrastructure.Migrations;

/// <summary>What differs between engines in migrating.</summary>
internal abstract class EngineMigrations
{
    // Set explicitly: Evolve's own detection asks the server, and a compatible server reports another product.
    public abstract DBMS Dialect { get; }

    protected abstract string EncryptionHint { get; }

    /// <summary>Null if the database does not exist.</summary>
    public virtual DbConnection? Open() => OpenOrThrow(CreateConnection());

    /// <summary>Also creates the database, on an engine whose client can.</summary>
    public virtual DbConnection OpenToMigrate()
    {
        var connection = OpenOrThrow(CreateConnection());
        ValidateDatabase(connection);
        return connection;
    }

    /// <summary>Null on SQL Server, where Evolve's own lock is enough.</summary>
    public virtual Task<IAsyncDisposable?> AcquireMigrationLockAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>The schemas that Evolve searches, where they depend on the user.</summary>
    public virtual IEnumerable<string> Schemas(DbConnection connection) => [];

    /// <summary>Throws if the database's options would lose characters or make readers wait for writers.</summary>
    public abstract void ValidateDatabase(DbConnection connection);

    /// <summary>Not pooled, and without a command timeout.</summary>
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
