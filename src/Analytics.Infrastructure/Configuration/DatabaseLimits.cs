using Analytics.Application.Concurrency;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>Connections, concurrency and timeouts of one instance, where the connection string does not set them.</summary>
public sealed record DatabaseLimits
{
    /// <summary>A writer may queue this long. The request's own timeout is its cancellation token.</summary>
    internal const int WriteTimeoutSeconds = 30;

    /// <summary>
    /// Connections for exports, version polls and readiness checks, so that they and queries do not wait for each
    /// other.
    /// </summary>
    private const int ReservedConnections = 12;

    /// <summary>
    /// Absorbs what arrives while the service pauses for a fifth of a second. With 1,000 a database that had become
    /// slow still ran queries whose clients had gone.
    /// </summary>
    private const int DefaultQueueLimit = 256;

    private const int MaxConcurrency = 1_000;
    private const int MaxQueueLimit = 100_000;
    private const int MaxTimeoutSeconds = 600;

    /// <summary>
    /// Queries that run at once, and that wait (<c>Database:MaxConcurrentReads</c>, <c>Database:ReadQueueLimit</c>).
    /// Each has a connection; the server's own limit is shared by all instances. On SQLite each blocks a thread, so the
    /// default is the number of processors, at least 2.
    /// </summary>
    public ConcurrencyLimit Reads { get; init; } = new(32, DefaultQueueLimit);

    /// <summary>
    /// Writes that run at once, and that wait (<c>Database:MaxConcurrentWrites</c>, <c>Database:WriteQueueLimit</c>).
    /// The queue covers a disk that stalls for a second or two.
    /// </summary>
    public ConcurrencyLimit Writes { get; init; } = new(8, 128);

    internal int MaxReadConnections => Reads.PermitLimit + DatabaseConcurrencyLimiter.StreamLimit.PermitLimit + DatabaseConcurrencyLimiter.MaxConcurrentWriteLookups + Writes.PermitLimit + ReservedConnections;

    /// <summary>Seconds (<c>Timeouts:ConnectSeconds</c>). A query that waits longer for its connection is a 503.</summary>
    public int ConnectSeconds { get; init; } = 2;

    /// <summary>Seconds (<c>Timeouts:CommandSeconds</c>). A query one of whose statements takes longer is a 503.</summary>
    public int CommandSeconds { get; init; } = 3;

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
