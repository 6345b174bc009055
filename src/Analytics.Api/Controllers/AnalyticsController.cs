using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Pipeline;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Api.Controllers;

/// <summary>How an organisation's calls are going.</summary>
[Route("api/v2/platform/organisation/analytics")]
public sealed class AnalyticsController(IMediator mediator, TimeProvider clock) : OrganisationController
{
    internal const string Fetched = "Analytics fetched successfully";

    /// <summary>Get Analytics</summary>
    /// <remarks>
    /// Outcomes of calls and statuses of tasks, counted over the active spaces of content type contact: over one of them
    /// when space_token is given, else over all. No data is zeros, never an error.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Ends the query when the client goes away.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<Answer<GetAnalyticsResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(QueryInputs query, CancellationToken cancellationToken) =>
        Answer(await mediator.Send(new GetAnalyticsQuery(Scope, query, Slot.Now(clock)), cancellationToken), Fetched);
}
