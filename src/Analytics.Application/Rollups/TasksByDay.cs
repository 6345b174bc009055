using System.Runtime.CompilerServices;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Reads all tasks of an organisation, one product and UTC day at a time, to bound the memory that they take.</summary>
internal static class TasksByDay
{
    private const string ProductsSql = "SELECT DISTINCT product_id FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string LastBeforeSql =
        """
        SELECT MAX(created_at)
          FROM tasks
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at < @Before
        """;

    private const string TasksSql =
        $"""
        SELECT {TaskColumns.Select}
          FROM tasks t
         WHERE t.organisation_id = @OrganisationId AND t.product_id = @ProductId AND t.created_at >= @Day AND t.created_at < @Before
        """;

    public static IAsyncEnumerable<DayOfTasks> ReadAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        ReadAsync(transaction.Connection, transaction.Transaction, organisationId, new Timestamp(long.MaxValue), cancellationToken);

    /// <summary>Without a transaction, each day is read as committed at that moment.</summary>
    public static async IAsyncEnumerable<DayOfTasks> ReadAsync(
        DbConnection connection,
        DbTransaction? transaction,
        long organisationId,
        Timestamp before,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var productId in await connection.QueryAsync<string>(CreateCommand(ProductsSql, new { OrganisationId = organisationId })))
        {
            var end = before;
            while (await connection.ExecuteScalarAsync<long?>(CreateCommand(LastBeforeSql, CreateParameters(productId, end))) is { } last)
            {
                var day = Granularities.StartOf(Granularity.Day, new Timestamp(last));
                var rows = await connection.QueryAsync<StoredTaskRow>(CreateCommand(TasksSql, CreateParameters(productId, end, day)));
                yield return new DayOfTasks(productId, day, [.. rows.Select(row => row.ToTask())]);
                end = day;
            }
        }

        CommandDefinition CreateCommand(string sql, object parameters) =>
            new(sql, parameters, transaction, WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken);

        object CreateParameters(string productId, Timestamp end, Timestamp day = default) =>
            new { OrganisationId = organisationId, ProductId = productId, Day = day.UnixMilliseconds, Before = end.UnixMilliseconds };
    }
}

internal sealed record DayOfTasks(string ProductId, Timestamp Day, IReadOnlyList<StoredTask> Tasks)
{
    public IEnumerable<TaskContent> Contents => Tasks.Select(task => task.Content).OfType<TaskContent>();
}
