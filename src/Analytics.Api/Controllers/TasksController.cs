using Analytics.Api.Authentication;
using Analytics.Api.RequestBodies;
using Analytics.Application.Ingestion.PushTasks;

namespace Analytics.Api.Controllers;

/// <summary>Receives an organisation's tasks from partners.</summary>
[Route(RouteTemplate)]
public sealed class TasksController(IMediator mediator, IOptions<JsonOptions> json) : OrganisationController
{
    internal const string RouteTemplate = "api/v2/platform/organisation/tasks";
    internal const string SuccessMessage = "Tasks written successfully";

    /// <summary>Push Tasks</summary>
    /// <remarks>
    /// Writes tasks: one JSON object per line, or a JSON array. All valid tasks are written in one transaction, which is durable
    /// and visible to every read before the response is sent. A write is the whole task and idempotent. Requires a member with the role
    /// owner or editor, or a member's token with the scope tasks:write.
    /// </remarks>
    /// <param name="query">The query, which must be empty.</param>
    /// <param name="cancellationToken">Cancels the write if the client disconnects before the commit.</param>
    [HttpPost]
    [ProducesResponseType<ApiResponse<PushTasksResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Post(RawQuery query, CancellationToken cancellationToken)
    {
        var body = PushBodyReader.CreateSource(Request);
        var command = new PushTasksCommand(Scope, User.GetScopes(), query, body, HttpContext.TraceIdentifier);
        var response = await mediator.Send(command, cancellationToken);
        SetCacheHeaders(Response);
        return ApiResponse.ToResult(SuccessMessage, response, json.Value.JsonSerializerOptions);
    }
}
