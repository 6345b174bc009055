using System.Data;

namespace Analytics.Application.Storage;

/// <summary>A write transaction on a connection of its own. Disposing it without a commit rolls it back.</summary>
public sealed class WriteTransaction(DbConnection connection, DbTransaction transaction, IDisposable? writerLease = null) : IAsyncDisposable
{
    // Long, because a statement waits for other writers' locks, and a recount reads every task. Requests are bounded by their
    // cancellation token.
    public const int CommandTimeoutSeconds = 600;

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    public static async Task<WriteTransaction> BeginAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            // READ COMMITTED: after waiting for the lock on the version row, this writer must read what the previous one committed.
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            return new WriteTransaction(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.QueryAsync<T>(Command(sql, parameters, cancellationToken));

    public CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, CommandTimeoutSeconds, cancellationToken: cancellationToken);

    /// <summary>Executes the transaction's last statement. Returns whether it changed a row, and commits if so.</summary>
    public async Task<bool> CommitIfChangedAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        var isChanged = await ExecuteAsync(sql, parameters, cancellationToken) > 0;
        await (isChanged ? CommitAsync() : Task.CompletedTask);
        return isChanged;
    }

    // Not cancellable: a cancelled commit would have an unknown outcome.
    public Task CommitAsync() => transaction.CommitAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using (writerLease)
        {
            await using (connection)
            {
                await transaction.DisposeAsync();
            }
        }
    }
}
