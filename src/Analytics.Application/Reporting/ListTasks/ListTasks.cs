using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using FluentValidation.Results;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>Reads a page of the tasks that the metrics count, newest first.</summary>
public sealed record ListTasksQuery(OrganisationScope Scope, RawQuery RawQuery, QuarterHour Now)
    : IOrganisationQuery<ListTasksResponse>
{
    public IReadOnlyList<ValidationFailure> Errors => Parsed.Errors;

    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.Parse(RawQuery, Now, Scope.Product, isExport: false);

    public string CacheKey => Parsed.Value!.CacheKey;

    public bool IsCacheable => false;
}

internal sealed class ListTasksHandler(
    ConsistentReader consistentReader, CurrentOrganisation organisation, RowLimit rowLimit, AnalyticsReader analyticsReader)
    : IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>
{
    public Task<Versioned<ListTasksResponse>> Handle(ListTasksQuery query, CancellationToken cancellationToken) =>
        consistentReader.ReadAsync(
            connection => TryReadAsync(connection, query, query.Parsed.Value!, cancellationToken), cancellationToken);

    // Null if a write committed between the page and the total.
    private async Task<Versioned<ListTasksResponse>?> TryReadAsync(
        DbConnection connection, ListTasksQuery query, TaskListQuery listQuery, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<ListedTaskRow>(new CommandDefinition(
            ListTasksSql.SelectPage(listQuery.Path, rowLimit),
            CreateParameters(query, listQuery, listQuery.Limit + 1L),
            cancellationToken: cancellationToken))).AsList();
        var version = VersionedRow.GetVersion(rows.FirstOrDefault(), listQuery.Filter.SpaceToken);
        if (!listQuery.IncludeTotal)
        {
            return new(version, ToResponse(listQuery, version, rows, total: null));
        }

        var count = await TryCountAsync(connection, query, listQuery, cancellationToken);
        return count?.Version == version ? new(version, ToResponse(listQuery, version, rows, count.Value.Total)) : null;
    }

    // Uses the rollups if the filters allow it, since the cost of COUNT grows with the number of tasks.
    private async Task<(OrganisationVersion Version, long Total)?> TryCountAsync(
        DbConnection connection, ListTasksQuery query, TaskListQuery listQuery, CancellationToken cancellationToken)
    {
        if (listQuery.TryCountFromRollup(Measures.Zero) is not null)
        {
            var plan = new AnalyticsQueryPlan { Window = listQuery.Window, Filter = listQuery.Filter };
            var result = await analyticsReader.TryReadAsync(connection, plan, query.Scope.Product, cancellationToken);
            return result is null ? null : (result.Version, listQuery.TryCountFromRollup(result.Totals)!.Value);
        }

        var row = await connection.QuerySingleAsync<CountRow>(new CommandDefinition(
            ListTasksSql.SelectCount(listQuery.Path),
            CreateParameters(query, listQuery with { After = KeysetPosition.StartOf(listQuery.Window) }, long.MaxValue),
            cancellationToken: cancellationToken));
        return (row.Version, row.Total);
    }

    private TaskListParameters CreateParameters(ListTasksQuery query, TaskListQuery listQuery, long limit) =>
        new(organisation.Id, query.Scope.Product, listQuery, limit);

    private ListTasksResponse ToResponse(TaskListQuery listQuery, OrganisationVersion version, List<ListedTaskRow> rows, long? total)
    {
        var hasMore = rows.Count > listQuery.Limit;
        var page = rows.Take(listQuery.Limit).ToList();
        return new ListTasksResponse
        {
            Tasks = [.. page.Select(row => row.Task).OfType<ListedTask>()],
            HasMore = hasMore,
            Cursor = hasMore ? $"{new Cursor(listQuery.Window, listQuery.Fingerprint, new(page[^1].CreatedAt, page[^1].TaskId!))}" : null,
            Version = HashVersion(version),
            Total = total,
        };
    }

    private string HashVersion(OrganisationVersion version)
    {
        var text = $"{organisation.Id}\n{version.Revision}\n{version.Stamp}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }

    private sealed record CountRow : VersionedRow
    {
        public long Total { get; init; }
    }
}
