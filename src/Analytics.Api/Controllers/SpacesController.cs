using Analytics.Application.Reporting.ListSpaces;

namespace Analytics.Api.Controllers;

/// <summary>The spaces of an organisation.</summary>
[Route("api/v2/platform/organisation/spaces")]
[Tags("Organisations")]
public sealed class SpacesController(IMediator mediator) : OrganisationController
{
    internal const string SuccessMessage = "Spaces fetched successfully";

    /// <summary>List Spaces</summary>
    /// <remarks>The active spaces of content type contact of an organisation, by name; also those without tasks.</remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Cancels the query when the client disconnects.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<ApiResponse<ListSpacesResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(new ListSpacesQuery(Scope, query), cancellationToken);
        SetNextPageLink(query, page.Value?.Cursor);
        return ToResult(page, SuccessMessage);
    }
}
