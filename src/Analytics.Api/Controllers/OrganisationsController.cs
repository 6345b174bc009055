using Analytics.Api.Authentication;
using Analytics.Application.Reporting.ListOrganisations;

namespace Analytics.Api.Controllers;

/// <summary>The organisations of a user.</summary>
[Route("api/v2/platform/organisations")]
[Tags("Organisations")]
public sealed class OrganisationsController(IMediator mediator) : OrganisationController
{
    internal const string SuccessMessage = "Organisations fetched successfully";

    /// <summary>List Organisations</summary>
    /// <remarks>The active organisations that you are a member of, by handle, and your role in each.</remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Cancels the query when the client disconnects.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<ApiResponse<ListOrganisationsResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(new ListOrganisationsQuery(User.GetUserId(), query), cancellationToken);
        SetNextPageLink(query, page.Cursor);
        return ToResultWithETagOfBody(page, SuccessMessage);
    }
}
