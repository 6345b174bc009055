using System.Data.Common;
using Analytics.Infrastructure;
using Dapper;

namespace Analytics.Api.Health;

/// <summary>Whether the database responds. The result is cached for a second, whatever the number of probes.</summary>
public sealed class DatabaseReadiness(DbDataSource database, TimeProvider clock, ILogger<DatabaseReadiness> logger) : IDisposable
{
    private const string Sql = "SELECT COUNT(*) FROM organisation_versions WHERE organisation_id = 0";
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (long At, bool IsReady)? _last;

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetElapsedTime(last.At) >= CacheDuration)
            {
                var isReady = await ProbeAsync(cancellationToken);
                _last = last = (clock.GetTimestamp(), isReady);
            }

            return last.IsReady;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteScalarAsync<long>(new CommandDefinition(Sql, cancellationToken: cancellationToken));
            return true;
        }
        catch (DbException exception)
        {
            var level = DatabaseErrors.IsTransient(exception) ? LogLevel.Warning : LogLevel.Error;
            logger.Log(level, exception, "The database does not answer the readiness probe");
            return false;
        }
    }
}
