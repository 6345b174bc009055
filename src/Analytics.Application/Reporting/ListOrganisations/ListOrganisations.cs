using Analytics.Application.Concurrency;
using Analytics.Application.Observability;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Storage;
using FluentValidation.Results;

namespace Analytics.Application.Reporting.ListOrganisations;

/// <summary>Reads a page of the active organisations that the user is a member of, by handle.</summary>
public sealed class ListOrganisationsQuery(string? userId, RawQuery rawQuery) : IUserRequest, IRequest<ListOrganisationsResponse>
{
    public string? UserId => userId;

    public IReadOnlyList<ValidationFailure> Errors => Parsed.Errors;

    internal PageParameters<OrganisationPosition> Page => Parsed.Value!;

    private ParseResult<PageParameters<OrganisationPosition>> Parsed =>
        field ??= PageParameters.Parse(rawQuery, QueryParameters.OfOrganisationList, OrganisationPosition.TryParse);
}

internal sealed class ListOrganisationsHandler(
    DbDataSource database, SqlDialect dialect, DatabaseConcurrencyLimiter limiter, RequestDeadline deadline)
    : IRequestHandler<ListOrganisationsQuery, ListOrganisationsResponse>
{
    public async Task<ListOrganisationsResponse> Handle(ListOrganisationsQuery query, CancellationToken cancellationToken)
    {
        var organisations = await ReadAsync(query, cancellationToken);
        AnalyticsMetrics.RecordResponse(ResponseSource.Database);
        var hasMore = organisations.Count > query.Page.Limit;
        if (hasMore)
        {
            organisations.RemoveAt(query.Page.Limit);
        }

        return new()
        {
            Organisations = organisations,
            HasMore = hasMore,
            Cursor = hasMore ? $"{new OrganisationPosition(organisations[^1].Handle)}" : null,
        };
    }

    private async Task<List<UserOrganisation>> ReadAsync(ListOrganisationsQuery query, CancellationToken cancellationToken)
    {
        // One more than the limit tells that there is a next page.
        var parameters = new
        {
            query.UserId,
            StatusNames.Active,
            After = query.Page.After?.Handle ?? "",
            Limit = query.Page.Limit + 1L,
        };
        using var lease = await limiter.AcquireUserLookupAsync(query.UserId!, cancellationToken);
        deadline.ThrowIfTooLateToStart();
        return [.. await database.QueryAsync<UserOrganisation>(ListOrganisationsSql.SelectPage(dialect), parameters, cancellationToken)];
    }
}
