using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Analytics.Domain;
using Analytics.Domain.Numbers;
using AutoMapper;
using Dapper;
using MediatR;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Analytics.GetAnalytics;

/// <summary>Asks how an organisation's calls and tasks are going, in one contact space or in all of them.</summary>
/// <param name="Scope">Who asks about which organisation.</param>
/// <param name="SpaceToken">The values of <c>space_token</c>; blank or absent is all contact spaces.</param>
public sealed record GetAnalyticsQuery(OrganisationScope Scope, StringValues SpaceToken) : IOrganisationQuery<GetAnalyticsResponse>
{
    /// <summary>The space as it is compared; empty is all.</summary>
    public string Space => SpaceToken.IsAbsent() ? "" : SpaceToken.ToString();

    /// <inheritdoc />
    public string Question => $"analytics space={Space}";
}

internal sealed class GetAnalyticsHandler(DbDataSource database, CurrentOrganisation organisation, IMapper mapper)
    : IRequestHandler<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>
{
    public async Task<Versioned<GetAnalyticsResponse>> Handle(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            GetAnalyticsSql.Totals,
            new { OrganisationId = organisation.Id, SpaceToken = query.Space, ProductId = query.Scope.Product, Words.Contact, Words.Active },
            cancellationToken: cancellationToken);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var totals = (await connection.QueryAsync<Seen, Measures, Totals>(
            command, (seen, measures) => new(seen, measures), splitOn: nameof(Measures.Interested))).SingleOrDefault();

        return totals switch
        {
            null => throw new OrganisationNotFoundException(),
            { Seen.Spaces: 0 } when query.Space.Length > 0 => throw new SpaceNotFoundException(),
            _ => new(new OrganisationVersion(totals.Seen.Revision, totals.Seen.Stamp), mapper.Map<GetAnalyticsResponse>(totals.Measures)),
        };
    }

    private sealed record Totals(Seen Seen, Measures Measures);

    private sealed record Seen
    {
        public long Revision { get; init; }

        public string Stamp { get; init; } = "";

        public long Spaces { get; init; }
    }
}
