using System.Runtime.CompilerServices;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Storage;
using FluentValidation.Results;

namespace Analytics.Application.Reporting.ExportTasks;

/// <summary>Streams all matching tasks, newest first, in one consistent state.</summary>
/// <remarks>No record: a copy by <c>with</c> would keep the plan of the original's parameters.</remarks>
public sealed class ExportTasksQuery(OrganisationScope scope, RawQuery rawQuery, QuarterHour now, string representation)
    : IOrganisationQuery<TaskExport>
{
    public OrganisationScope Scope => scope;

    public string Representation => representation;

    public IReadOnlyList<ValidationFailure> Errors => Parsed.Errors;

    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.Parse(rawQuery, now, scope.Product, isExport: true);

    public string CacheKey => Parsed.Value!.CacheKey;

    public bool IsCacheable => false;
}

/// <summary>Holds a database connection and a permit until it is disposed, even if it is never read.</summary>
public sealed class TaskExport : IAsyncDisposable
{
    // Positioned on its first row; null means no tasks.
    private readonly IAsyncEnumerator<ListedTaskRow>? _rows;
    private readonly IDisposable _lease;

    internal TaskExport(long organisationId, IAsyncEnumerator<ListedTaskRow>? rows, IDisposable lease) =>
        (OrganisationId, _rows, _lease) = (organisationId, rows, lease);

    public long OrganisationId { get; }

    /// <summary>Can be enumerated once.</summary>
    public async IAsyncEnumerable<ListedTask> ReadAsync()
    {
        if (_rows is null)
        {
            yield break;
        }

        do
        {
            yield return _rows.Current.Task!;
        }
        while (await _rows.MoveNextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        using (_lease)
        {
            await (_rows?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}

internal sealed class ExportTasksHandler(
    DbDataSource database, CurrentOrganisation organisation, ExportConcurrencyLimiter limiter, SqlDialect dialect)
    : IRequestHandler<ExportTasksQuery, Versioned<TaskExport>>
{
    // The statement runs until the last row is in the spool.
    private const int CommandTimeoutSeconds = 3600;

    private const int MaxAttempts = 3;

    public async Task<Versioned<TaskExport>> Handle(ExportTasksQuery query, CancellationToken cancellationToken)
    {
        var lease = limiter.Acquire(organisation.Id);
        try
        {
            return await StartAsync(query, lease, cancellationToken);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private async Task<Versioned<TaskExport>> StartAsync(ExportTasksQuery query, IDisposable lease, CancellationToken cancellationToken)
    {
        var listQuery = query.Parsed.Value!;
        var parameters = new TaskListParameters(organisation.Id, query.Scope.Product, listQuery) { Limit = 1 };
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryStartAsync(ListTasksSql.SelectExport(listQuery.Path, dialect), parameters, cancellationToken) is { } rows)
            {
                return new(rows.Current.Version, new TaskExport(organisation.Id, rows, lease));
            }

            // An empty export has no row with the version; a page has.
            var page = ListTasksSql.SelectPage(listQuery.Path, KeyRange.Earlier, dialect);
            var firstRow = await ReadFirstAsync(page, parameters, cancellationToken);
            var version = VersionedRow.Require(firstRow, listQuery.Filter.SpaceToken).Version;
            if (firstRow?.Task is null)
            {
                return new(version, new TaskExport(organisation.Id, rows: null, lease));
            }
        }

        throw new ConcurrentChangeException();
    }

    // Positioned on the first row; null if there is none.
    private async Task<IAsyncEnumerator<ListedTaskRow>?> TryStartAsync(
        string sql, TaskListParameters parameters, CancellationToken cancellationToken)
    {
        var rows = ReadAsync(sql, parameters, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasRows = false;
        try
        {
            hasRows = await rows.MoveNextAsync();
            return hasRows ? rows : null;
        }
        finally
        {
            if (!hasRows)
            {
                await rows.DisposeAsync();
            }
        }
    }

    private async IAsyncEnumerable<ListedTaskRow> ReadAsync(
        string sql, TaskListParameters parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<ListedTaskRow>(sql, parameters, commandTimeout: CommandTimeoutSeconds);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    private async Task<ListedTaskRow?> ReadFirstAsync(string sql, TaskListParameters parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<ListedTaskRow>(command);
    }
}
