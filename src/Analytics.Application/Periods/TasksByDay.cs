using System.Runtime.CompilerServices;
using Analytics.Application.Tasks;
using Analytics.Domain;
using Analytics.Domain.Numbers;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Periods;

/// <summary>All tasks of an organisation, one product and one UTC day at a time, so that any number of them fits into memory.</summary>
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
        """
        SELECT task_id        AS TaskId,
               updated_at     AS UpdatedAt,
               space_id       AS SpaceId,
               product_id     AS ProductId,
               run_id         AS RunId,
               agent          AS Agent,
               direction      AS Direction,
               execution_type AS ExecutionType,
               status         AS Status,
               label          AS Label,
               outcome        AS Outcome,
               success_score  AS SuccessScore,
               duration       AS Duration,
               created_at     AS CreatedAt
          FROM tasks
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at >= @Day AND created_at < @Before
        """;

    public static async IAsyncEnumerable<DayOfTasks> ReadAsync(WriteTransaction transaction, long organisationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var productId in await transaction.QueryAsync<string>(ProductsSql, new { OrganisationId = organisationId }, cancellationToken))
        {
            var before = long.MaxValue;
            while (await LastBeforeAsync(transaction, organisationId, productId, before, cancellationToken) is { } last)
            {
                var day = Grains.StartOf(Grain.Day, new Instant(last));
                var rows = await transaction.QueryAsync<StoredTaskRow>(
                    TasksSql, new { OrganisationId = organisationId, ProductId = productId, Day = day.UnixMilliseconds, Before = before }, cancellationToken);
                yield return new DayOfTasks(productId, day, [.. rows.Select(row => row.ToTask().Content).OfType<TaskContent>()]);
                before = day.UnixMilliseconds;
            }
        }
    }

    private static async Task<long?> LastBeforeAsync(WriteTransaction transaction, long organisationId, string productId, long before, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync<long?>(LastBeforeSql, new { OrganisationId = organisationId, ProductId = productId, Before = before }, cancellationToken)).Single();
}

/// <summary>The tasks that belong to one day.</summary>
internal sealed record DayOfTasks(string ProductId, Instant Day, IReadOnlyList<TaskContent> Tasks);
