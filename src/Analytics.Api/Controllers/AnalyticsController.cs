using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Pipeline;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.Controllers;

/// <summary>How an organisation's calls are going.</summary>
[Route("api/v2/platform/organisation/analytics")]
public sealed class AnalyticsController(IMediator mediator) : OrganisationController
{
    internal const string Fetched = "Analytics fetched successfully";

    /// <summary>Get Analytics</summary>
    /// <remarks>
    /// Outcomes of calls and statuses of tasks, counted over the active spaces of content type contact: over one of them
    /// when space_token is given, else over all. No data is zeros, never an error.
    /// </remarks>
    /// <param name="spaceToken">Space token to filter by specific space: 1-30 ASCII letters or digits. If not provided, all contact spaces.</param>
    /// <param name="cancellationToken">Ends the query when the client goes away.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<Answer<GetAnalyticsResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromQuery(Name = InputNames.SpaceToken)] StringValues spaceToken, CancellationToken cancellationToken) =>
        Answer(await mediator.Send(new GetAnalyticsQuery(Scope, spaceToken), cancellationToken), Fetched);
}
