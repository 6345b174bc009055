using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using AutoMapper;
using Dapper;
using MediatR;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Asks how an organisation's calls and tasks are going: in one contact space or in all of them, and over any range, cut and compared as the inputs say.</summary>
/// <param name="Scope">Who asks about which organisation.</param>
/// <param name="RawQuery">The parameters.</param>
/// <param name="Now">The present, as far as the question knows it.</param>
public sealed record GetAnalyticsQuery(OrganisationScope Scope, RawQuery RawQuery, QuarterHour Now) : IOrganisationQuery<GetAnalyticsResponse>
{
    private ParseResult<AnalyticsQueryPlan>? _parsed;

    /// <summary>The form of the answer.</summary>
    public ResponseFormat Format { get; init; } = ResponseFormat.Json;

    /// <summary>Whether the answers are events: then they are JSON, and parameters that mean nothing are refused.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Every rule that the inputs break.</summary>
    public IReadOnlyList<ParameterError> Errors => (Parsed.Value, IsStreaming) switch
    {
        (_, true) => [.. Parsed.Errors, .. AnalyticsQueryParser.ValidateStream(RawQuery)],
        ({ } plan, false) when AnalyticsQueryParser.ValidateTabular(plan, Format) is { } error => [error],
        _ => Parsed.Errors,
    };

    /// <inheritdoc />
    public string Representation => ResponseFormats.Name(Format);

    /// <summary>What is asked, or what is wrong with it.</summary>
    public ParseResult<AnalyticsQueryPlan> Parsed => _parsed ??= AnalyticsQueryParser.Parse(RawQuery, Now);

    /// <summary>What is asked, once it has proved to be right.</summary>
    public AnalyticsQueryPlan Plan => Parsed.Value!;

    /// <inheritdoc />
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
        return new(result.Version, response, cacheSize: 1 + (response.Series?.Count ?? 0) + (response.Groups?.Count ?? 0));
    }

    /// <summary>The documented question is one statement, whatever else there is to ask.</summary>
    private async Task<Versioned<GetAnalyticsResponse>> ReadTotalsAsync(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        var spaceToken = query.Plan.Filter.SpaceToken ?? "";
        var command = new CommandDefinition(
            GetAnalyticsSql.SelectTotals,
            new { OrganisationId = organisation.Id, SpaceToken = spaceToken, ProductId = query.Scope.Product, ContentTypes.Contact, StatusNames.Active },
            cancellationToken: cancellationToken);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var totals = (await connection.QueryAsync<VersionRow, Measures, TotalsRow>(
            command, (version, measures) => new(version, measures), splitOn: nameof(Measures.Interested))).SingleOrDefault();

        return totals switch
        {
            null => throw new OrganisationNotFoundException(),
            { Version.Spaces: 0 } when spaceToken.Length > 0 => throw new SpaceNotFoundException(),
            _ => new(new OrganisationVersion(totals.Version.Revision, totals.Version.Stamp), mapper.Map<GetAnalyticsResponse>(totals.Measures)),
        };
    }

    private sealed record TotalsRow(VersionRow Version, Measures Measures);

    private sealed record VersionRow
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long Spaces { get; init; }
    }
}
