using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Reads an organisation's tasks by product and time of creation, one at a time: memory does not grow with their number.</summary>
internal sealed class TaskReader(
    DbConnection connection, DbTransaction? transaction, SqlDialect dialect, long organisationId)
{
    // Every statement reads a range of the tasks of a product by time.
    private const string FromTasks = " FROM tasks t";

    private const string WhereProductAfter = " WHERE t.organisation_id = @OrganisationId AND t.product_id > @After";

    private const string WhereProduct = " WHERE t.organisation_id = @OrganisationId AND t.product_id = @ProductId";

    private const string AndBefore = " AND t.created_at < @Before";

    private const string AndBetween = " AND t.created_at >= @From" + AndBefore;

    /// <summary>Of a statement; null for that of queries.</summary>
    public int? TimeoutSeconds { get; init; } = WriteTransaction.CommandTimeoutSeconds;

    public async Task<IReadOnlyList<string>> ReadProductIdsAsync(CancellationToken cancellationToken)
    {
        var productIds = new List<string>();
        while (await ScalarAsync<string?>(
            SelectNextProduct(dialect),
            new { OrganisationId = organisationId, After = productIds.LastOrDefault("") },
            cancellationToken) is { } next)
        {
            productIds.Add(next);
        }

        return productIds;
    }

    /// <summary>The time of the newest task that was created before this.</summary>
    public async Task<Timestamp?> FindLastAsync(string productId, Timestamp before, CancellationToken cancellationToken) =>
        await ScalarAsync<long?>(
            SelectLastBefore(dialect), new { OrganisationId = organisationId, ProductId = productId, Before = before.UnixMilliseconds },
            cancellationToken)
            is { } last ? new Timestamp(last) : null;

    public Task<long> CountAsync(string productId, Timestamp from, Timestamp before, CancellationToken cancellationToken) =>
        ScalarAsync<long>(SelectCount(dialect), CreateParameters(productId, from, before), cancellationToken);

    public IAsyncEnumerable<StoredTaskRow> ReadAsync(string productId, Timestamp from, Timestamp before) =>
        connection.QueryUnbufferedAsync<StoredTaskRow>(
            SelectTasks(dialect), CreateParameters(productId, from, before), transaction, TimeoutSeconds);

    // One step in the index for each product: DISTINCT would read every task.
    internal static string SelectNextProduct(SqlDialect dialect) =>
        "SELECT MIN(t.product_id)" + FromTasks + ByTime(dialect) + WhereProductAfter;

    internal static string SelectLastBefore(SqlDialect dialect) =>
        "SELECT MAX(t.created_at)" + FromTasks + ByTime(dialect) + WhereProduct + AndBefore;

    internal static string SelectCount(SqlDialect dialect) =>
        $"SELECT {RowCount.AsBigInt}" + FromTasks + ByTime(dialect) + WhereProduct + AndBetween;

    internal static string SelectTasks(SqlDialect dialect) =>
        $"SELECT {TaskColumns.Select}" + FromTasks + ByTime(dialect) + WhereProduct + AndBetween;

    private static string ByTime(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Common => "",
        SqlDialect.TSql => IndexHints.TasksByTime,
    };

    private Task<T?> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<T>(
            new CommandDefinition(
                sql, parameters, transaction, TimeoutSeconds, cancellationToken: cancellationToken));

    private object CreateParameters(string productId, Timestamp from, Timestamp before) =>
        new { OrganisationId = organisationId, ProductId = productId, From = from.UnixMilliseconds, Before = before.UnixMilliseconds };
}
