using EvolveDb.Dialect;

namespace Analytics.Infrastructure.Migrations;

/// <summary>What differs between engines in migrating.</summary>
internal abstract class EngineMigrations
{
    // Set explicitly: Evolve's own detection asks the server, and a compatible server reports another product.
    public abstract DBMS Dialect { get; }

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

    /// <summary>A further sentence for the operator, about an error of the driver.</summary>
    protected abstract string? FindHint(string reason);

    // Drivers throw exceptions of many types for options that do not fit, such as a certificate without a key.
    protected DbConnection OpenOrThrow(DbConnection connection)
    {
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            connection.Dispose();
            throw CannotBeOpened(exception);
        }
    }

    protected ConfigurationException CannotBeOpened(Exception exception)
    {
        var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
        var hint = FindHint(reason);
        return new ConfigurationException(
            $"The database of {SettingKeys.ConnectionString} cannot be opened: {reason}.{(hint is null ? "" : $" {hint}")}");
    }
}
