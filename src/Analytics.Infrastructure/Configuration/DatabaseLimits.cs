using Analytics.Application.Concurrency;

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

    /// <summary>
    /// Queries that run at once, and that wait (<c>Database:MaxConcurrentReads</c>, <c>Database:ReadQueueLimit</c>).
    /// About twice the processors of the database: more do not finish sooner, and one organisation, which has half of them,
    /// would slow down all others. A server's processors are not known: it is taken for a machine like this one.
    /// </summary>
    public ConcurrencyLimit Reads { get; init; } = new(2 * Environment.ProcessorCount, DefaultQueueLimit);

    /// <summary>
    /// Writes that run at once, and that wait (<c>Database:MaxConcurrentWrites</c>, <c>Database:WriteQueueLimit</c>).
    /// The queue covers a disk that stalls for a second or two.
    /// </summary>
    public ConcurrencyLimit Writes { get; init; } = new(8, 128);

    // Twice the lookups, because those of streams have permits of their own.
    internal int MaxReadConnections =>
        Reads.PermitLimit + DatabaseConcurrencyLimiter.StreamLimit.PermitLimit
        + (2 * DatabaseConcurrencyLimiter.MaxConcurrentLookups) + Writes.PermitLimit + ReservedConnections;

    // One more for the readiness check.
    internal int MaxWriteConnections => Writes.PermitLimit + 1;

    /// <summary>Seconds (<c>Timeouts:ConnectSeconds</c>). A query that waits longer for its connection is a 503.</summary>
    public int ConnectSeconds { get; init; } = 2;

    /// <summary>Seconds (<c>Timeouts:CommandSeconds</c>). A query one of whose statements takes longer is a 503.</summary>
    public int CommandSeconds { get; init; } = 3;

    public static DatabaseLimits From(IConfiguration configuration)
    {
        var defaults = new DatabaseLimits();
        return new DatabaseLimits
        {
            Reads = new(
                GetConcurrency(SettingKeys.MaxConcurrentReads, defaults.Reads.PermitLimit),
                GetQueue(SettingKeys.ReadQueueLimit, defaults.Reads)),
            Writes = new(
                GetConcurrency(SettingKeys.MaxConcurrentWrites, defaults.Writes.PermitLimit),
                GetQueue(SettingKeys.WriteQueueLimit, defaults.Writes)),
            ConnectSeconds = GetSeconds(SettingKeys.ConnectSeconds, defaults.ConnectSeconds),
            CommandSeconds = GetSeconds(SettingKeys.CommandSeconds, defaults.CommandSeconds),
        };

        int GetConcurrency(string key, int defaultValue) => configuration.GetInt32(key, defaultValue, min: 1, max: 1_000);
        int GetQueue(string key, ConcurrencyLimit limit) => configuration.GetInt32(key, limit.QueueLimit, min: 0, max: 100_000);
        int GetSeconds(string key, int defaultValue) => configuration.GetInt32(key, defaultValue, min: 1, max: 600);
    }
}
