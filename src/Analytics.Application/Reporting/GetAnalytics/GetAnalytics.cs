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
/// <param name="Inputs">The parameters.</param>
/// <param name="Now">The present, as far as the question knows it.</param>
public sealed record GetAnalyticsQuery(OrganisationScope Scope, RawQuery Inputs, Slot Now) : IOrganisationQuery<GetAnalyticsResponse>
{
    private Planned<Plan>? _planned;

    /// <summary>The form of the answer.</summary>
    public AnswerFormat Format { get; init; } = AnswerFormat.Json;

    /// <summary>Whether the answers are events: then they are JSON, and parameters that mean nothing are refused.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Every rule that the inputs break.</summary>
    public IReadOnlyList<InputProblem> Problems => (Planned.Value, IsStreaming) switch
    {
        (_, true) => [.. Planned.Problems, .. Planner.RefuseOnStream(Inputs)],
        ({ } plan, false) when Planner.RefuseTable(plan, Format) is { } problem => [problem],
        _ => Planned.Problems,
    };

    /// <inheritdoc />
    public string Representation => AnswerFormats.Name(Format);

    /// <summary>What is asked, or what is wrong with it.</summary>
    public Planned<Plan> Planned => _planned ??= Planner.Plan(Inputs, Now);

    /// <summary>What is asked, once it has proved to be right.</summary>
    public Plan Plan => Planned.Value!;

    /// <inheritdoc />
    public string CacheKey => Plan.Question;
}

internal sealed class GetAnalyticsHandler(DbDataSource database, CurrentOrganisation organisation, ReadPlannedNumbers planned, IMapper mapper)
    : IRequestHandler<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>
{
    public async Task<Versioned<GetAnalyticsResponse>> Handle(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        if (query.Plan.IsDocumented)
        {
            return await SumTotalsAsync(query, cancellationToken);
        }

        var numbers = await planned.ReadAsync(query.Plan, query.Scope.Product, cancellationToken);
        var answer = new PlannedAnswer(query.Plan, mapper).Of(numbers, query.Scope.Product);
        return new(numbers.Version, answer, cacheSize: 1 + (answer.Series?.Count ?? 0) + (answer.Groups?.Count ?? 0));
    }

    /// <summary>The documented question is one statement, whatever else there is to ask.</summary>
    private async Task<Versioned<GetAnalyticsResponse>> SumTotalsAsync(GetAnalyticsQuery query, CancellationToken cancellationToken)
    {
        var space = query.Plan.Filter.SpaceToken ?? "";
        var command = new CommandDefinition(
            GetAnalyticsSql.Totals,
            new { OrganisationId = organisation.Id, SpaceToken = space, ProductId = query.Scope.Product, Words.Contact, Words.Active },
            cancellationToken: cancellationToken);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var totals = (await connection.QueryAsync<Seen, Measures, Totals>(
            command, (seen, measures) => new(seen, measures), splitOn: nameof(Measures.Interested))).SingleOrDefault();

        return totals switch
        {
            null => throw new OrganisationNotFoundException(),
            { Seen.Spaces: 0 } when space.Length > 0 => throw new SpaceNotFoundException(),
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
