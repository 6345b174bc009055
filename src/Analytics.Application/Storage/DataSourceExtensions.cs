namespace Analytics.Application.Storage;

internal static class DataSourceExtensions
{
    /// <summary>Runs one statement on a connection of its own.</summary>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        this DbDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))];
    }
}
