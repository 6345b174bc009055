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
/// <remarks>No record: a copy by <c>with</c> would keep the plan of the original's parameters.</remarks>
public sealed class ListTasksQuery(OrganisationScope scope, RawQuery rawQuery, QuarterHour now) : IOrganisationQuery<ListTasksResponse>
{
    public OrganisationScope Scope => scope;

    public IReadOnlyList<ValidationFailure> Errors => Parsed.Errors;

    internal ParseResult<TaskListQuery> Parsed => field ??= TaskListQuery.Parse(rawQuery, now, scope.Product, isExport: false);

    public string CacheKey => Parsed.Value!.CacheKey;

    public bool IsCacheable => false;

    public bool ReadsTasks => true;
}

internal sealed class ListTasksHandler(
    ConsistentReader consistentReader,
    CurrentOrganisation organisation,
    SqlDialect dialect,
    ExaminationLimit examinationLimit,
    AnalyticsReader analyticsReader)
    : IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>
{
    public Task<Versioned<ListTasksResponse>> Handle(ListTasksQuery query, CancellationToken cancellationToken) =>
        consistentReader.ReadAsync(
            connection => TryReadAsync(connection, query.Parsed.Value!, query.Scope.Product, cancellationToken), cancellationToken);

    // Null if a write committed between the statements.
    private async Task<Versioned<ListTasksResponse>?> TryReadAsync(
        DbConnection connection, TaskListQuery query, string productId, CancellationToken cancellationToken)
    {
        var parameters = new TaskListParameters(organisation.Id, productId, query) { Limit = query.Limit };
        var reader = new TaskPageReader(connection, dialect, examinationLimit, parameters);
        var page = await reader.ReadAsync(cancellationToken);
        var isFirstPage = query.After is null;
        if (isFirstPage && page.IsFull && !query.IncludeTotal)
        {
            return new(page.Version, ToResponse(query, page, total: null));
        }

        // Tasks that have not been examined may remain, while the rollups tell that no other one matches.
        var mayBeLast = isFirstPage && !page.IsFull && page.Next is not null;
        var rollupCount = query.IncludeTotal || mayBeLast
            ? await TryCountFromRollupsAsync(connection, query, productId, cancellationToken)
            : null;
        if (mayBeLast && rollupCount == page.Tasks.Count)
        {
            page = page with { Next = null };
        }

        var total = query.IncludeTotal ? rollupCount ?? await reader.TryCountAsync(cancellationToken) : null;
        return await OrganisationVersionStore.ReadAsync(connection, organisation.Id, cancellationToken) == page.Version
            ? new(page.Version, ToResponse(query, page, total))
            : null;
    }

    // Null if the rollups do not hold the number, or if it does not belong to the page's version.
    private async Task<long?> TryCountFromRollupsAsync(
        DbConnection connection, TaskListQuery query, string productId, CancellationToken cancellationToken)
    {
        if (query.TryCountFromRollup(Measures.Zero) is null)
        {
            return null;
        }

        try
        {
            var plan = new AnalyticsQueryPlan { Window = query.Window, Filter = query.Filter };
            var result = await analyticsReader.TryReadAsync(connection, plan, productId, cancellationToken);
            return result is null ? null : query.TryCountFromRollup(result.Totals);
        }
        catch (Exception exception) when (exception is RollupsNotReadyException or TooManyRowsException)
        {
            return null;
        }
    }

    private ListTasksResponse ToResponse(TaskListQuery query, TaskPage page, long? total) => new()
    {
        Tasks = [.. page.Tasks.Select(row => row.Task).OfType<ListedTask>()],
        HasMore = page.Next is not null,
        Cursor = page.Next is null ? null : $"{new Cursor(query.Window, query.Fingerprint, page.Next)}",
        Version = HashVersion(page.Version),
        Total = total,
        HasTotal = query.IncludeTotal,
    };

    private string HashVersion(OrganisationVersion version)
    {
        var text = $"{organisation.Id}\n{version.Revision}\n{version.Stamp}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }
}
