using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Dapper;
using MediatR;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>Reads a page of the tasks that the metrics count, newest first.</summary>
public sealed record ListTasksQuery(OrganisationScope Scope, RawQuery RawQuery, QuarterHour Now)
    : IOrganisationQuery<ListTasksResponse>
{
    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.ForPage(RawQuery, Now, Scope.Product);

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
        var version = listQuery.VersionOf(rows.FirstOrDefault());
        if (!listQuery.IncludeTotal)
        {
            return new(version, ToResponse(listQuery, version, rows, total: null));
        }

        var count = await TryCountAsync(connection, query, listQuery, cancellationToken);
        return count?.Version == version ? new(version, ToResponse(listQuery, version, rows, count.Total)) : null;
    }

    // Uses the rollups if the filters allow it, since the cost of COUNT grows with the number of tasks.
    private async Task<CountRow?> TryCountAsync(
        DbConnection connection, ListTasksQuery query, TaskListQuery listQuery, CancellationToken cancellationToken)
    {
        if (listQuery.TryCountFromRollup(Measures.Zero) is not null)
        {
            var plan = AnalyticsQueryPlan.ForTotals(listQuery.Window, listQuery.Filter);
            var result = await analyticsReader.TryReadAsync(connection, plan, query.Scope.Product, cancellationToken);
            return result is null ? null : new CountRow
            {
                Revision = result.Version.Revision,
                Stamp = result.Version.Stamp,
                Total = listQuery.TryCountFromRollup(result.Totals)!.Value,
            };
        }

        return await connection.QuerySingleAsync<CountRow>(new CommandDefinition(
            ListTasksSql.SelectCount(listQuery.Path),
            CreateParameters(query, listQuery with { After = KeysetPosition.StartOf(listQuery.Window) }, long.MaxValue),
            cancellationToken: cancellationToken));
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
            Cursor = hasMore ? $"{listQuery.CreateCursor(new KeysetPosition(page[^1].CreatedAt, page[^1].TaskId!))}" : null,
            Version = HashVersion(version),
            Total = total,
        };
    }

    private string HashVersion(OrganisationVersion version)
    {
        var text = $"{organisation.Id}\n{version.Revision}\n{version.Stamp}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }

    private sealed record CountRow
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long Total { get; init; }

        public OrganisationVersion Version => new(Revision, Stamp);
    }
}
