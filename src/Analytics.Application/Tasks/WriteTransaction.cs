using System.Data.Common;
using Dapper;

namespace Analytics.Application.Tasks;

/// <summary>A transaction that writes. Unless it is committed, disposing it undoes everything.</summary>
/// <param name="connection">Its own connection.</param>
/// <param name="transaction">The transaction, at READ COMMITTED.</param>
/// <param name="place">Its place in the engine's queue of writers, given back at the end.</param>
public sealed class WriteTransaction(DbConnection connection, DbTransaction transaction, IDisposable place) : IAsyncDisposable
{
    /// <summary>The connection, for statements that an engine prepares by itself.</summary>
    public DbConnection Connection => connection;

    /// <summary>The transaction, likewise.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    /// <summary>Runs a question.</summary>
    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.QueryAsync<T>(Command(sql, parameters, cancellationToken));

    /// <summary>A statement of this transaction, for Dapper's other verbs.</summary>
    public CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);

    /// <summary>Makes everything durable. Past this point nobody can call it off.</summary>
    public Task CommitAsync() => transaction.CommitAsync(CancellationToken.None);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using (place)
        {
            await using (connection)
            {
                await transaction.DisposeAsync();
            }
        }
    }
}
