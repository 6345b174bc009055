using Analytics.Application.Concurrency;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>What one copy of the service asks of the database, where the connection string does not say otherwise.</summary>
public sealed record DatabaseLimits
{
    /// <summary>A writer waits for its turn: its batch is not asked for again by anyone. A request's own limit is its cancellation token.</summary>
    internal const int WriteTimeoutSeconds = 30;

    /// <summary>For exports, for looks at versions and at whether the database answers: they must not wait for questions, nor the other way round.</summary>
    private const int ReservedConnections = 12;

    /// <summary>
    /// What comes while the service holds its breath for a fifth of a second, at a rate that it can bear. With 1,000 a
    /// database that had become slow was still asked for what nobody waited for any more.
    /// </summary>
    private const int DefaultQueueLimit = 256;

    private const int MaxConcurrency = 1_000;
    private const int MaxQueueLimit = 100_000;
    private const int MaxTimeoutSeconds = 600;

    /// <summary>
    /// <c>Database:MaxConcurrentReads</c> and <c>Database:ReadQueueLimit</c>. Each has a connection: enough for one copy, because the
    /// server's own limit is shared by all copies. On SQLite each holds a thread, and more of them than the machine has
    /// processors only get in each other's way: unset, there are as many, and two on a machine with one.
    /// </summary>
    public ConcurrencyLimit Reads { get; init; } = new(32, DefaultQueueLimit);

    /// <summary>
    /// <c>Database:MaxConcurrentWrites</c> and <c>Database:WriteQueueLimit</c>. Writers of one organisation queue for its version anyway. So many
    /// wait out a disk that stalls for a second or two, and are still in time.
    /// </summary>
    public ConcurrencyLimit Writes { get; init; } = new(8, 128);

    /// <summary>The most connections for reading.</summary>
    internal int MaxReadConnections => Reads.PermitLimit + DatabaseConcurrencyLimiter.StreamLimit.PermitLimit + DatabaseConcurrencyLimiter.MaxConcurrentWriteLookups + Writes.PermitLimit + ReservedConnections;

    /// <summary><c>Timeouts:ConnectSeconds</c>: a question whose connection takes longer is a 503.</summary>
    public int ConnectSeconds { get; init; } = 2;

    /// <summary><c>Timeouts:CommandSeconds</c>: a question one of whose statements takes longer is a 503.</summary>
    public int CommandSeconds { get; init; } = 3;

    /// <summary>Reads and checks the settings.</summary>
    public static DatabaseLimits From(DatabaseEngine engine, IConfiguration configuration)
    {
        var unset = engine == DatabaseEngine.Sqlite ? new DatabaseLimits { Reads = new(Math.Max(2, Environment.ProcessorCount), DefaultQueueLimit) } : new DatabaseLimits();
        return new DatabaseLimits
        {
            Reads = new(
                SettingReader.GetInt32(configuration, "Database:MaxConcurrentReads", unset.Reads.PermitLimit, min: 1, MaxConcurrency, "questions"),
                SettingReader.GetInt32(configuration, "Database:ReadQueueLimit", unset.Reads.QueueLimit, min: 0, MaxQueueLimit, "questions")),
            Writes = new(
                SettingReader.GetInt32(configuration, "Database:MaxConcurrentWrites", unset.Writes.PermitLimit, min: 1, MaxConcurrency, "writes"),
                SettingReader.GetInt32(configuration, "Database:WriteQueueLimit", unset.Writes.QueueLimit, min: 0, MaxQueueLimit, "writes")),
            ConnectSeconds = SettingReader.GetInt32(configuration, "Timeouts:ConnectSeconds", unset.ConnectSeconds, min: 1, MaxTimeoutSeconds, "seconds"),
            CommandSeconds = SettingReader.GetInt32(configuration, "Timeouts:CommandSeconds", unset.CommandSeconds, min: 1, MaxTimeoutSeconds, "seconds"),
        };
    }
}
