using Analytics.Application.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// A statement that runs once for each row of a batch, with SQLite's own API: the driver searches the name of each parameter again for
/// each row.
/// </summary>
internal sealed class SqliteBatchStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _indexes;

    /// <param name="transaction">Of the connection that runs the statement.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">The names of its parameters in the order of a row's values.</param>
    public SqliteBatchStatement(WriteTransaction transaction, string sql, IEnumerable<string> parameters)
    {
        _connection = ((SqliteConnection)transaction.Connection).Handle!;
        ThrowOnError(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
        _indexes = [.. parameters.Select(name => raw.sqlite3_bind_parameter_index(_statement, name))];
    }

    /// <summary>Returns the number of rows that it changed.</summary>
    public int Execute(ReadOnlySpan<object?> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            ThrowOnError(Bind(_indexes[i], row[i]));
        }

        try
        {
            ThrowOnError(raw.sqlite3_step(_statement));
            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            // Repeats the error of the step.
            _ = raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, index),
        string text => raw.sqlite3_bind_text(_statement, index, text),
        long number => raw.sqlite3_bind_int64(_statement, index, number),
        int number => raw.sqlite3_bind_int64(_statement, index, number),
        _ => throw new ArgumentException($"A value of {value.GetType()} is not one of a column.", nameof(value)),
    };

    private void ThrowOnError(int code)
    {
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _connection);
        }
    }
}
