using Analytics.Api.Errors;
using Analytics.Api.Health;

namespace Analytics.Api.Controllers;

/// <summary>Probes of an orchestrator and a load balancer.</summary>
[Route("health")]
[Produces("application/json")]
public sealed class HealthController : ControllerBase
{
    /// <summary>Live</summary>
    /// <remarks>Whether the process responds. No dependency is checked.</remarks>
    [HttpGet("live"), HttpHead("live")]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status200OK)]
    public IActionResult Live() => Healthy("live");

    /// <summary>Ready</summary>
    /// <remarks>
    /// Whether the database responds (checked at most once a second) and the service is not shutting down. While the database is
    /// read-only the status is <c>read_only</c>: queries succeed, and pushes are rejected with 503.
    /// </remarks>
    [HttpGet("ready"), HttpHead("ready")]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<ErrorResponse>(StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> Ready(
        [FromServices] DatabaseReadiness database, [FromServices] IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var isServing =
            lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        var state = isServing ? await database.GetStateAsync(cancellationToken) : DatabaseState.Unavailable;
        return state switch
        {
            DatabaseState.Ready => Healthy("ready"),
            DatabaseState.ReadOnly => Healthy("read_only"),
            DatabaseState.Unavailable => StatusCode(StatusCodes.Status503ServiceUnavailable),
        };
    }

    private OkObjectResult Healthy(string status)
    {
        Response.Headers.CacheControl = "no-store";
        return Ok(new HealthResponse { Status = status });
    }
}

/// <summary>The response of a successful probe.</summary>
public sealed record HealthResponse
{
    /// <summary><c>live</c>, <c>ready</c> or <c>read_only</c>.</summary>
    public required string Status { get; init; }
}
