using System.Text.Json;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Storage;
using FluentValidation.Results;

namespace Analytics.Application.Reporting.ListSpaces;

/// <summary>Reads a page of the spaces that the metrics count, by name; also those without tasks.</summary>
public sealed class ListSpacesQuery(OrganisationScope scope, RawQuery rawQuery) : IOrganisationQuery<ListSpacesResponse>
{
    public OrganisationScope Scope => scope;

    public IReadOnlyList<ValidationFailure> Errors => Parsed.Errors;

    public string CacheKey => JsonSerializer.Serialize(new object?[] { "spaces", Page.Limit, Page.After?.Name, Page.After?.Token });

    internal PageParameters<SpacePosition> Page => Parsed.Value!;

    private ParseResult<PageParameters<SpacePosition>> Parsed =>
        field ??= PageParameters.Parse(rawQuery, QueryParameters.OfSpaceList, SpacePosition.TryParse);
}

internal sealed class ListSpacesHandler(DbDataSource database, SqlDialect dialect, CurrentOrganisation organisation)
    : IRequestHandler<ListSpacesQuery, Versioned<ListSpacesResponse>>
{
    public async Task<Versioned<ListSpacesResponse>> Handle(ListSpacesQuery query, CancellationToken cancellationToken)
    {
        // One more than the limit tells that there is a next page.
        var parameters = new
        {
            OrganisationId = organisation.Id,
            Name = query.Page.After?.Name ?? "",
            Token = query.Page.After?.Token ?? "",
            Limit = query.Page.Limit + 1L,
        };
        var rows = await database.QueryAsync<SpaceRow>(ListSpacesSql.SelectPage(dialect), parameters, cancellationToken);
        var version = VersionedRow.Require(rows is [var first, ..] ? first : null, spaceToken: null).Version;
        List<OrganisationSpace> spaces = [.. rows.Select(row => row.Space).OfType<OrganisationSpace>()];
        var hasMore = spaces.Count > query.Page.Limit;
        if (hasMore)
        {
            spaces.RemoveAt(query.Page.Limit);
        }

        var response = new ListSpacesResponse
        {
            Spaces = spaces,
            HasMore = hasMore,
            Cursor = hasMore ? $"{new SpacePosition(spaces[^1].Name, spaces[^1].Token)}" : null,
        };
        return new(version, response, cacheSize: Math.Max(1, spaces.Count));
    }

    // The version, and the space if there is one.
    private sealed record SpaceRow : VersionedRow
    {
        public string? Token { get; init; }
        public string Name { get; init; } = "";
        public string Slug { get; init; } = "";

        public OrganisationSpace? Space => Token is null ? null : new() { Token = Token, Name = Name, Slug = Slug };
    }
}
