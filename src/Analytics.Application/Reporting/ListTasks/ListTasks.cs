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
/// <param name="Inputs">The parameters.</param>
/// <param name="Now">The slot that holds the present.</param>
public sealed record ListTasksQuery(OrganisationScope Scope, RawQuery Inputs, Slot Now) : IOrganisationQuery<ListTasksResponse>
{
    internal Planned<TaskList> Planned => field ??= TaskList.OfPage(Inputs, Now, Scope.Product);

    /// <inheritdoc />
    public string CacheKey => Planned.Value!.Question;

    /// <inheritdoc />
    public bool IsCacheable => false;
}

internal sealed class ListTasksHandler(OneVersion oneVersion, CurrentOrganisation organisation, SqlDialect dialect, ReadPlannedNumbers numbers)
    : IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>
{
    public Task<Versioned<ListTasksResponse>> Handle(ListTasksQuery query, CancellationToken cancellationToken) =>
        oneVersion.ReadAsync(connection => ReadOnceAsync(connection, query, query.Planned.Value!, cancellationToken), cancellationToken);

    /// <summary>Nothing where a write came between the page and its total.</summary>
    private async Task<Versioned<ListTasksResponse>?> ReadOnceAsync(DbConnection connection, ListTasksQuery query, TaskList list, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<ListedTaskRow>(new CommandDefinition(
            ListTasksSql.Page(list.Path, dialect.RowLimit), Parameters(query, list, list.Limit + 1L), cancellationToken: cancellationToken))).AsList();
        var version = list.VersionSeenBy(rows.FirstOrDefault());
        if (!list.HasTotal)
        {
            return new(version, Page(list, version, rows, total: null));
        }

        var counted = await CountAsync(connection, query, list, cancellationToken);
        return counted?.Version == version ? new(version, Page(list, version, rows, counted.Total)) : null;
    }

    /// <summary>By the numbers where they tell, as counting takes as long as there are tasks.</summary>
    private async Task<Counted?> CountAsync(DbConnection connection, ListTasksQuery query, TaskList list, CancellationToken cancellationToken)
    {
        if (list.CountIn(Measures.Zero) is not null)
        {
            return await numbers.ReadOnceAsync(connection, Plan.OfTotals(list.Window, list.Filter), query.Scope.Product, cancellationToken) is { } counted
                ? new Counted { Revision = counted.Version.Revision, Stamp = counted.Version.Stamp, Total = list.CountIn(counted.Totals)!.Value }
                : null;
        }

        return await connection.QuerySingleAsync<Counted>(new CommandDefinition(
            ListTasksSql.Total(list.Path),
            Parameters(query, list with { After = Position.BeginningOf(list.Window) }, long.MaxValue),
            cancellationToken: cancellationToken));
    }

    private TaskListParameters Parameters(ListTasksQuery query, TaskList list, long limit) => new(organisation.Id, query.Scope.Product, list, limit);

    private ListTasksResponse Page(TaskList list, OrganisationVersion version, List<ListedTaskRow> rows, long? total)
    {
        var hasMore = rows.Count > list.Limit;
        var shown = rows.Take(list.Limit).ToList();
        return new ListTasksResponse
        {
            Tasks = [.. shown.Select(row => row.Task).OfType<ListedTask>()],
            HasMore = hasMore,
            Cursor = hasMore ? $"{list.CursorAfter(new Position(shown[^1].CreatedAt, shown[^1].TaskId!))}" : null,
            Version = NameOf(version),
            Total = total,
        };
    }

    private string NameOf(OrganisationVersion version) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{organisation.Id}\n{version.Revision}\n{version.Stamp}")).AsSpan(0, 12));

    private sealed record Counted
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long Total { get; init; }

        public OrganisationVersion Version => new(Revision, Stamp);
    }
}
