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

/// <summary>Asks for a page of an organisation's tasks, newest first: those that its numbers count.</summary>
/// <param name="Scope">Who asks about which organisation.</param>
/// <param name="RawQuery">The parameters.</param>
/// <param name="Now">The slot that holds the present.</param>
public sealed record ListTasksQuery(OrganisationScope Scope, RawQuery RawQuery, QuarterHour Now) : IOrganisationQuery<ListTasksResponse>
{
    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.ForPage(RawQuery, Now, Scope.Product);

    /// <inheritdoc />
    public string CacheKey => Parsed.Value!.CacheKey;

    /// <inheritdoc />
    public bool IsCacheable => false;
}

internal sealed class ListTasksHandler(ConsistentReader consistentReader, CurrentOrganisation organisation, SqlDialect dialect, AnalyticsReader analyticsReader)
    : IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>
{
    public Task<Versioned<ListTasksResponse>> Handle(ListTasksQuery query, CancellationToken cancellationToken) =>
        consistentReader.ReadAsync(connection => TryReadAsync(connection, query, query.Parsed.Value!, cancellationToken), cancellationToken);

    /// <summary>Nothing where a write came between the page and its total.</summary>
    private async Task<Versioned<ListTasksResponse>?> TryReadAsync(DbConnection connection, ListTasksQuery query, TaskListQuery listQuery, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<ListedTaskRow>(new CommandDefinition(
            ListTasksSql.SelectPage(listQuery.Path, dialect.RowLimit), CreateParameters(query, listQuery, listQuery.Limit + 1L), cancellationToken: cancellationToken))).AsList();
        var version = listQuery.VersionOf(rows.FirstOrDefault());
        if (!listQuery.IncludeTotal)
        {
            return new(version, ToResponse(listQuery, version, rows, total: null));
        }

        var count = await TryCountAsync(connection, query, listQuery, cancellationToken);
        return count?.Version == version ? new(version, ToResponse(listQuery, version, rows, count.Total)) : null;
    }

    /// <summary>By the numbers where they tell, as counting takes as long as there are tasks.</summary>
    private async Task<CountRow?> TryCountAsync(DbConnection connection, ListTasksQuery query, TaskListQuery listQuery, CancellationToken cancellationToken)
    {
        if (listQuery.TryCountFromRollup(Measures.Zero) is not null)
        {
            return await analyticsReader.TryReadAsync(connection, AnalyticsQueryPlan.ForTotals(listQuery.Window, listQuery.Filter), query.Scope.Product, cancellationToken) is { } result
                ? new CountRow { Revision = result.Version.Revision, Stamp = result.Version.Stamp, Total = listQuery.TryCountFromRollup(result.Totals)!.Value }
                : null;
        }

        return await connection.QuerySingleAsync<CountRow>(new CommandDefinition(
            ListTasksSql.SelectCount(listQuery.Path),
            CreateParameters(query, listQuery with { After = KeysetPosition.StartOf(listQuery.Window) }, long.MaxValue),
            cancellationToken: cancellationToken));
    }

    private TaskListParameters CreateParameters(ListTasksQuery query, TaskListQuery listQuery, long limit) => new(organisation.Id, query.Scope.Product, listQuery, limit);

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

    private string HashVersion(OrganisationVersion version) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{organisation.Id}\n{version.Revision}\n{version.Stamp}")).AsSpan(0, 12));

    private sealed record CountRow
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long Total { get; init; }

        public OrganisationVersion Version => new(Revision, Stamp);
    }
}
