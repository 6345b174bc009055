using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.ListTasks;

/// <param name="Version">The version that the first statement read.</param>
/// <param name="Tasks">The matching tasks.</param>
/// <param name="Next">The task that the next page starts after; null if no task remains.</param>
/// <param name="IsFull">If not, all tasks that a page may examine were examined, or no task remains.</param>
internal sealed record TaskPage(
    OrganisationVersion Version, IReadOnlyList<ListedTaskRow> Tasks, KeysetPosition? Next, bool IsFull);

/// <summary>Reads a page. All statements together examine at most as many tasks as the limit allows.</summary>
internal sealed class TaskPageReader(
    DbConnection connection, SqlDialect dialect, ExaminationLimit examinationLimit, TaskListParameters parameters)
{
    private readonly TaskListQuery _query = parameters.Query;

    public async Task<TaskPage> ReadAsync(CancellationToken cancellationToken)
    {
        List<ListedTaskRow> rows = [];
        var examined = 0L;
        if (_query.After is not null)
        {
            await AddRowsAsync(rows, KeyRange.SameTime, examinationLimit.MaxTasks, cancellationToken);
            if (!IsFull(rows))
            {
                examined = await CountAsync(ListTasksSql.CountSameTime(_query.Path, dialect), cancellationToken);
            }
        }

        if (!IsFull(rows) && examined < examinationLimit.MaxTasks)
        {
            await AddRowsAsync(rows, KeyRange.Earlier, examinationLimit.MaxTasks - examined, cancellationToken);
        }

        var version = VersionedRow.Require(rows.FirstOrDefault(), _query.Filter.SpaceToken).Version;
        List<ListedTaskRow> tasks = [.. WithTask(rows).Take(_query.Limit)];
        return IsFull(rows)
            ? new(version, tasks, new(tasks[^1].CreatedAt, tasks[^1].TaskId!), IsFull: true)
            : new(version, tasks, await ReadLastExaminedAsync(examined, cancellationToken), IsFull: false);
    }

    /// <summary>The number of matching tasks on all pages; null if that requires to examine more tasks than a page may.</summary>
    public async Task<long?> TryCountAsync(CancellationToken cancellationToken)
    {
        var all = parameters with { Query = _query with { After = null } };
        var reader = new TaskPageReader(connection, dialect, examinationLimit, all);
        return await reader.ReadLastExaminedAsync(sameTimeExamined: 0, cancellationToken) is null
            ? await reader.CountAsync(ListTasksSql.CountMatching(_query.Path, dialect), cancellationToken)
            : null;
    }

    // One more than the limit tells that there is a next page.
    private bool IsFull(List<ListedTaskRow> rows) => WithTask(rows).Count() > _query.Limit;

    private static IEnumerable<ListedTaskRow> WithTask(List<ListedTaskRow> rows) => rows.Where(row => row.TaskId is not null);

    private async Task AddRowsAsync(List<ListedTaskRow> rows, KeyRange range, long maxExamined, CancellationToken cancellationToken)
    {
        var limited = parameters with { Limit = _query.Limit + 1 - WithTask(rows).Count(), MaxExamined = maxExamined };
        rows.AddRange(await connection.QueryAsync<ListedTaskRow>(new CommandDefinition(
            ListTasksSql.SelectPage(_query.Path, range, dialect), limited, cancellationToken: cancellationToken)));
    }

    private Task<long> CountAsync(string sql, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<long>(new CommandDefinition(
            sql, parameters with { MaxExamined = examinationLimit.MaxTasks }, cancellationToken: cancellationToken));

    // Null if no task remains after the examined ones.
    private async Task<KeysetPosition?> ReadLastExaminedAsync(long sameTimeExamined, CancellationToken cancellationToken)
    {
        var isOfSameTime = sameTimeExamined == examinationLimit.MaxTasks;
        var skipped = examinationLimit.MaxTasks - (isOfSameTime ? 0 : sameTimeExamined) - 1;
        var sql = ListTasksSql.SelectKeys(_query.Path, isOfSameTime ? KeyRange.SameTime : KeyRange.Earlier, dialect);
        var keys = (await connection.QueryAsync<KeyRow>(new CommandDefinition(
            sql, parameters with { Skipped = skipped }, cancellationToken: cancellationToken))).AsList();

        // Earlier tasks may remain after those of the same time.
        return keys.Count == 2 || (isOfSameTime && keys.Count == 1) ? new(keys[0].CreatedAt, keys[0].TaskId) : null;
    }

    private sealed record KeyRow
    {
        public long CreatedAt { get; init; }
        public string TaskId { get; init; } = "";
    }
}
