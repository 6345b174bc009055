using System.Data;
using System.Data.Common;
using Dapper;

namespace Analytics.Application.Storage;

/// <summary>A transaction that writes. Unless it is committed, disposing it undoes everything.</summary>
/// <param name="connection">Its own connection.</param>
/// <param name="transaction">The transaction, at READ COMMITTED.</param>
/// <param name="writerLease">Its place in the process's queue of writers, given back at the end, where the engine needs one.</param>
public sealed class WriteTransaction(DbConnection connection, DbTransaction transaction, IDisposable? writerLease = null) : IAsyncDisposable
{
    /// <summary>
    /// How long one statement may take. A writer waits for those before it in the queue, and a recount reads every task:
    /// a request's own limit is its cancellation token.
    /// </summary>
    public const int CommandTimeoutSeconds = 600;

    /// <summary>The connection, for statements that an engine prepares by itself.</summary>
    public DbConnection Connection => connection;

    /// <summary>The transaction, likewise.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>Begins one on a server, which queues writers by itself.</summary>
    public static async Task<WriteTransaction> BeginAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            // By name: whoever waited for the version's row must see what the one before wrote.
            return new WriteTransaction(connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    /// <summary>Runs a question.</summary>
    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.QueryAsync<T>(Command(sql, parameters, cancellationToken));

    /// <summary>A statement of this transaction, for Dapper's other verbs.</summary>
    public CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, CommandTimeoutSeconds, cancellationToken: cancellationToken);

    /// <summary>Makes everything durable. Past this point nobody can call it off.</summary>
    public Task CommitAsync() => transaction.CommitAsync(CancellationToken.None);

    /// <inheritdoc />
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
