using System.Data.Common;
using System.Runtime.CompilerServices;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Storage;
using Dapper;
using MediatR;

namespace Analytics.Application.Reporting.ExportTasks;

/// <summary>Asks for all of an organisation's tasks that match, newest first, in one state.</summary>
/// <param name="Scope">Who asks about which organisation.</param>
/// <param name="RawQuery">The parameters.</param>
/// <param name="Now">The slot that holds the present.</param>
/// <param name="Representation">The form of the answer.</param>
public sealed record ExportTasksQuery(OrganisationScope Scope, RawQuery RawQuery, QuarterHour Now, string Representation) : IOrganisationQuery<TaskExport>
{
    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.ForExport(RawQuery, Now, Scope.Product);

    /// <inheritdoc />
    public string CacheKey => Parsed.Value!.CacheKey;

    /// <inheritdoc />
    public bool IsCacheable => false;
}

/// <summary>Tasks on their way from the database. Whoever got it disposes it, read or not: it holds a connection.</summary>
public sealed class TaskExport : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ListedTaskRow>? _rows;

    /// <summary>Takes rows whose first has been read; absent is no tasks.</summary>
    internal TaskExport(IAsyncEnumerator<ListedTaskRow>? rows) => _rows = rows;

    /// <summary>The tasks; they can be read once.</summary>
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

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;
}

internal sealed class ExportTasksHandler(DbDataSource database, CurrentOrganisation organisation, SqlDialect dialect)
    : IRequestHandler<ExportTasksQuery, Versioned<TaskExport>>
{
    /// <summary>How long the statement may take: it ends when the slowest reader has it all, and a server may sort first.</summary>
    private const int CommandTimeoutSeconds = 3600;

    private const int MaxAttempts = 3;

    public async Task<Versioned<TaskExport>> Handle(ExportTasksQuery query, CancellationToken cancellationToken)
    {
        var listQuery = query.Parsed.Value!;
        var parameters = new TaskListParameters(organisation.Id, query.Scope.Product, listQuery, Limit: 1);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryStartAsync(ListTasksSql.SelectExport(listQuery.Path), parameters, cancellationToken) is { } rows)
            {
                return new(rows.Current.Version, new TaskExport(rows));
            }

            // Of no tasks, only a page says the version.
            var firstRow = await ReadFirstAsync(ListTasksSql.SelectPage(listQuery.Path, dialect.RowLimit), parameters, cancellationToken);
            var version = listQuery.VersionOf(firstRow);
            if (firstRow?.Task is null)
            {
                return new(version, new TaskExport(rows: null));
            }
        }

        throw new ConcurrentChangeException();
    }

    /// <summary>The rows, at the first of them; none where there is none.</summary>
    private async Task<IAsyncEnumerator<ListedTaskRow>?> TryStartAsync(string sql, TaskListParameters parameters, CancellationToken cancellationToken)
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

    private async IAsyncEnumerable<ListedTaskRow> ReadAsync(string sql, TaskListParameters parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await foreach (var row in connection.QueryUnbufferedAsync<ListedTaskRow>(sql, parameters, commandTimeout: CommandTimeoutSeconds).WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    private async Task<ListedTaskRow?> ReadFirstAsync(string sql, TaskListParameters parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<ListedTaskRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
