namespace Analytics.Application.Storage;

/// <summary>A statement that returns at most one row for a key.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="GetParameters">The names and values of its parameters.</param>
/// <param name="ReadRow">Reads the row.</param>
internal sealed record KeyedStatement<TKey, TRow>(
    string Sql, Func<TKey, (string Name, object Value)[]> GetParameters, Func<DbDataReader, TRow> ReadRow)
{
    /// <summary>
    /// Runs the statement for each key, all of them by one round trip, and returns a row per key, in their order. A driver without
    /// batches, such as SQLite's, has no round trips to save: it runs one statement after the other.
    /// </summary>
    public async Task<IReadOnlyList<TRow?>> ReadAsync(
        DbDataSource database, IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return connection.CanCreateBatch
            ? await ReadBatchAsync(connection, keys, cancellationToken)
            : await ReadOneByOneAsync(connection, keys, cancellationToken);
    }

    private async Task<IReadOnlyList<TRow?>> ReadBatchAsync(
        DbConnection connection, IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        foreach (var key in keys)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = Sql;
            AddParameters(command.Parameters, command.CreateParameter, key);
            batch.BatchCommands.Add(command);
        }

        var rows = new List<TRow?>(keys.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            rows.Add(await reader.ReadAsync(cancellationToken) ? ReadRow(reader) : default);
        }
        while (await reader.NextResultAsync(cancellationToken));
        return rows;
    }

    private async Task<IReadOnlyList<TRow?>> ReadOneByOneAsync(
        DbConnection connection, IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        var rows = new List<TRow?>(keys.Count);
        foreach (var key in keys)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            AddParameters(command.Parameters, command.CreateParameter, key);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            rows.Add(await reader.ReadAsync(cancellationToken) ? ReadRow(reader) : default);
        }

        return rows;
    }

    private void AddParameters(DbParameterCollection parameters, Func<DbParameter> create, TKey key)
    {
        foreach (var (name, value) in GetParameters(key))
        {
            var parameter = create();
            (parameter.ParameterName, parameter.Value) = (name, value);
            if (value is string)
            {
                // As Dapper does: SQL Server would cache a plan for each length.
                parameter.Size = DbString.DefaultLength;
            }

            parameters.Add(parameter);
        }
    }
}
