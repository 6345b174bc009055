using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Infrastructure;
using Dapper;

namespace Analytics.Api.Health;

internal enum DatabaseState
{
    Unavailable,
    ReadOnly,
    Ready,
}

/// <summary>Whether the database responds. The result is cached for a second, whatever the number of probes.</summary>
public sealed class DatabaseReadiness(DbDataSource database, ITaskStore store, TimeProvider clock, ILogger<DatabaseReadiness> logger)
    : IDisposable
{
    private const string Sql = "SELECT COUNT(*) FROM organisation_versions WHERE organisation_id = 0";
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(1);

    // A database can be read-only for hours: a new connection for each probe would then be a load of its own.
    private static readonly TimeSpan MinClearInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (long At, DatabaseState State)? _last;
    private long? _clearedAt;

    internal async Task<DatabaseState> GetStateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetElapsedTime(last.At) >= CacheDuration)
            {
                var state = await ProbeAsync(cancellationToken);
                if (state == DatabaseState.ReadOnly && _last?.State != DatabaseState.ReadOnly)
                {
                    logger.LogWarning("The database is read-only");
                }

                _last = last = (clock.GetTimestamp(), state);
            }

            return last.State;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<DatabaseState> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql, cancellationToken: cancellationToken));
            if (!await IsReadOnlyAsync(cancellationToken))
            {
                _clearedAt = null;
                return DatabaseState.Ready;
            }

            if (_clearedAt is not { } clearedAt || clock.GetElapsedTime(clearedAt) >= MinClearInterval)
            {
                // The next probe gets a new connection: a pooled one can stay read-only when its database no longer is.
                store.ClearPool();
                _clearedAt = clock.GetTimestamp();
            }

            return DatabaseState.ReadOnly;
        }
        catch (DbException exception)
        {
            var level = DatabaseErrors.IsTransient(exception) ? LogLevel.Warning : LogLevel.Error;
            logger.Log(level, exception, "The database does not answer the readiness probe");
            return DatabaseState.Unavailable;
        }
    }

    private async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.IsReadOnlyAsync(cancellationToken);
        }
        catch (DbException exception) when (store.IsReadOnly(exception))
        {
            return true;
        }
    }
}
