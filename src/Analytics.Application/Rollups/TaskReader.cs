using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Reads an organisation's tasks by product and time of creation, one at a time: memory does not grow with their number.</summary>
internal sealed class TaskReader(DbConnection connection, DbTransaction? transaction, long organisationId)
{
    // One step in an index for each product: DISTINCT would read every task.
    private const string NextProductSql =
        "SELECT MIN(product_id) FROM tasks WHERE organisation_id = @OrganisationId AND product_id > @After";

    private const string LastBeforeSql =
        """
        SELECT MAX(created_at)
          FROM tasks
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at < @Before
        """;

    private const string CountSql =
        """
        SELECT CAST(COUNT(*) AS BIGINT)
          FROM tasks
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at >= @From AND created_at < @Before
        """;

    private const string TasksSql =
        $"""
        SELECT {TaskColumns.Select}
          FROM tasks t
         WHERE t.organisation_id = @OrganisationId AND t.product_id = @ProductId AND t.created_at >= @From AND t.created_at < @Before
        """;

    /// <summary>Of a statement; null for that of queries.</summary>
    public int? TimeoutSeconds { get; init; } = WriteTransaction.CommandTimeoutSeconds;

    public async Task<IReadOnlyList<string>> ReadProductIdsAsync(CancellationToken cancellationToken)
    {
        var productIds = new List<string>();
        while (await ScalarAsync<string?>(
            NextProductSql, new { OrganisationId = organisationId, After = productIds.LastOrDefault("") }, cancellationToken) is { } next)
        {
            productIds.Add(next);
        }

        return productIds;
    }

    /// <summary>The time of the newest task that was created before this.</summary>
    public async Task<Timestamp?> FindLastAsync(string productId, Timestamp before, CancellationToken cancellationToken) =>
        await ScalarAsync<long?>(
            LastBeforeSql, new { OrganisationId = organisationId, ProductId = productId, Before = before.UnixMilliseconds },
            cancellationToken)
            is { } last ? new Timestamp(last) : null;

    public Task<long> CountAsync(string productId, Timestamp from, Timestamp before, CancellationToken cancellationToken) =>
        ScalarAsync<long>(CountSql, CreateParameters(productId, from, before), cancellationToken);

    public IAsyncEnumerable<StoredTaskRow> ReadAsync(string productId, Timestamp from, Timestamp before) =>
        connection.QueryUnbufferedAsync<StoredTaskRow>(
            TasksSql, CreateParameters(productId, from, before), transaction, TimeoutSeconds);

    private Task<T?> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<T>(
            new CommandDefinition(
                sql, parameters, transaction, TimeoutSeconds, cancellationToken: cancellationToken));

    private object CreateParameters(string productId, Timestamp from, Timestamp before) =>
        new { OrganisationId = organisationId, ProductId = productId, From = from.UnixMilliseconds, Before = before.UnixMilliseconds };
}
