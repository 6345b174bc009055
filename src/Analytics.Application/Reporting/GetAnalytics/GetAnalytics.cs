using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using AutoMapper;
using FluentValidation.Results;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Reads the metrics of an organisation, in one contact space or all of them.</summary>
/// <remarks>No record: a copy by <c>with</c> would keep the plan of the original's parameters.</remarks>
public sealed class GetAnalyticsQuery(OrganisationScope scope, RawQuery rawQuery, QuarterHour now)
    : IOrganisationQuery<GetAnalyticsResponse>
{
    public OrganisationScope Scope => scope;

    public ResponseFormat Format { get; init; } = ResponseFormat.Json;

    /// <summary>Server-sent events are JSON only, and a stream rejects unknown parameters.</summary>
    public bool IsStreaming { get; init; }

    public IReadOnlyList<ValidationFailure> Errors => (Parsed.Value, IsStreaming) switch
    {
        (_, true) => [.. Parsed.Errors, .. AnalyticsQueryParser.ValidateStream(rawQuery)],
        ({ } plan, false) when AnalyticsQueryParser.ValidateTabular(plan, Format) is { } error => [error],
        _ => Parsed.Errors,
    };

    public string Representation => Format.ToSnakeCase();

    public ParseResult<AnalyticsQueryPlan> Parsed => field ??= AnalyticsQueryParser.Parse(rawQuery, now);

    /// <summary>Available once validation has succeeded.</summary>
    public AnalyticsQueryPlan Plan => Parsed.Value!;

    public string CacheKey => Plan.CacheKey;
}

internal sealed class GetAnalyticsHandler(DbDataSource database, CurrentOrganisation organisation, AnalyticsReader reader, IMapper mapper)
    : IRequestHandler<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>
{
    public async Task<Versioned<GetAnalyticsResponse>> Handle(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        if (query.Plan.IsTotalsOnly)
        {
            return await ReadTotalsAsync(query, cancellationToken);
        }

        var result = await reader.ReadAsync(query.Plan, query.Scope.Product, cancellationToken);
        var response = new AnalyticsResponseBuilder(query.Plan, mapper).Build(result, query.Scope.Product);
        var rows = (response.Series?.Count ?? 0) + (response.Comparison?.Series?.Count ?? 0) + (response.Groups?.Count ?? 0);
        return new(result.Version, response, cacheSize: 1 + rows);
    }

    // Without parameters beyond space_token, one statement over the totals is enough.
    private async Task<Versioned<GetAnalyticsResponse>> ReadTotalsAsync(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            OrganisationId = organisation.Id,
            SpaceToken = query.Plan.Filter.SpaceToken ?? "",
            ProductId = query.Scope.Product,
            ContentTypes.Contact,
            StatusNames.Active,
        };
        var command = new CommandDefinition(GetAnalyticsSql.SelectTotals, parameters, cancellationToken: cancellationToken);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (row, totals) = (await connection.QueryAsync<VersionedRow, Measures, (VersionedRow?, Measures)>(
            command, (row, measures) => (row, measures), splitOn: nameof(Measures.Interested))).SingleOrDefault();
        return new(VersionedRow.Require(row, query.Plan.Filter.SpaceToken).Version, mapper.Map<GetAnalyticsResponse>(totals));
    }
}
