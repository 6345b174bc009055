using Analytics.Application.Reporting.GetDefinitions;
using Microsoft.AspNetCore.Authorization;

namespace Analytics.Api.Controllers;

/// <summary>The definitions of the metrics.</summary>
[Authorize]
[Route("api/v2/platform/organisation/analytics/definitions")]
[Tags("Analytics")]
[Produces("application/json")]
public sealed class AnalyticsDefinitionsController(IMediator mediator, IOptions<JsonOptions> json) : ControllerBase
{
    internal const string SuccessMessage = "Definitions fetched successfully";

    /// <summary>Get Definitions</summary>
    /// <remarks>
    /// The name, formula, unit and range of every metric, and its value when there is nothing to count. The service computes
    /// the metrics from these definitions. They are the same for every organisation.
    /// </remarks>
    /// <param name="query">The query, which must be empty.</param>
    /// <param name="cancellationToken">Cancels the request when the client disconnects.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<ApiResponse<DefinitionsResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        var definitions = await mediator.Send(new GetDefinitionsQuery(query), cancellationToken);
        OrganisationController.SetCacheHeaders(Response);
        return ApiResponse.ToResult(SuccessMessage, definitions, json.Value.JsonSerializerOptions);
    }
}
