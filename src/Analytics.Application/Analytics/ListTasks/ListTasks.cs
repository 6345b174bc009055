using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Analytics.Domain.Numbers;
using Dapper;
using MediatR;

namespace Analytics.Application.Analytics.ListTasks;

/// <summary>Asks for a page of an organisation's tasks, newest first: those that its numbers count.</summary>
/// <param name="Scope">Who asks about which organisation.</param>
/// <param name="Inputs">The parameters.</param>
/// <param name="Now">The slot that holds the present.</param>
public sealed record ListTasksQuery(OrganisationScope Scope, QueryInputs Inputs, Slot Now) : IOrganisationQuery<ListTasksResponse>
{
    internal Planned<TaskList> Planned => field ??= TaskList.OfPage(Inputs, Now, Scope.Product);

    /// <inheritdoc />
    public string Question => Planned.Value!.Question;

    /// <inheritdoc />
    public bool IsWorthKeeping => false;
}

internal sealed class ListTasksHandler(DbDataSource database, CurrentOrganisation organisation, ITaskPages pages, ReadPlannedNumbers numbers)
    : IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>
{
    private const int Attempts = 3;

    public async Task<Versioned<ListTasksResponse>> Handle(ListTasksQuery query, CancellationToken cancellationToken)
    {
        var list = query.Planned.Value!;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rows = await ReadPageAsync(query, list, cancellationToken);
            var version = list.VersionSeenBy(rows.FirstOrDefault());
            var total = list.HasTotal ? await CountAsync(query, list, cancellationToken) : null;
            if (total is null || total.Version == version)
            {
                return new(version, Page(list, version, rows, total?.Total));
            }
        }

        throw new NumbersMovedException();
    }

    private async Task<List<ListedTaskRow>> ReadPageAsync(ListTasksQuery query, TaskList list, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ListedTaskRow>(new CommandDefinition(
            pages.Statement(list.Path), Parameters(query, list, list.Limit + 1L), cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>By the numbers where they tell, as counting takes as long as there are tasks.</summary>
    private async Task<Counted> CountAsync(ListTasksQuery query, TaskList list, CancellationToken cancellationToken)
    {
        if (list.CountIn(Measures.Zero) is not null)
        {
            var counted = await numbers.ReadAsync(Plan.OfTotals(list.Window, list.Filter), query.Scope.Product, cancellationToken);
            return new Counted { Revision = counted.Version.Revision, Stamp = counted.Version.Stamp, Total = list.CountIn(counted.Totals)!.Value };
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
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
