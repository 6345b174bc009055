using Analytics.Api.Authentication;
using Analytics.Api.RequestBodies;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Requests;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Api.Controllers;

/// <summary>An organisation's tasks, as partners send them.</summary>
[Route(RouteTemplate)]
public sealed class TasksController(IMediator mediator, BodyMemoryBudget memoryBudget) : OrganisationController
{
    internal const string RouteTemplate = "api/v2/platform/organisation/tasks";
    internal const string SuccessMessage = "Tasks written successfully";

    /// <summary>Push Tasks</summary>
    /// <remarks>
    /// Writes tasks, one JSON object a line: all that break no rule, in one transaction, durable before it is answered and in
    /// every read from then on. A write is the whole task; sent again it changes nothing. It takes a member with the role
    /// owner or editor, or a token of a member with the scope tasks:write.
    /// </remarks>
    /// <param name="query">The parameters, of which there are none.</param>
    /// <param name="cancellationToken">Calls the write off when the client goes away before it is committed.</param>
    [HttpPost]
    [ProducesResponseType<ApiResponse<PushTasksResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Post(RawQuery query, CancellationToken cancellationToken)
    {
        using var reservation = memoryBudget.Reserve(User.GetUserId()!);
        var body = await PushBodyReader.ReadAsync(Request, reservation, cancellationToken);
        var response = await mediator.Send(new PushTasksCommand(Scope, User.GetScopes(), query, body, HttpContext.TraceIdentifier), cancellationToken);
        Response.Headers.CacheControl = CacheControl;
        Response.Headers.Vary = Vary;
        return Ok(new ApiResponse<PushTasksResponse> { StatusCode = StatusCodes.Status200OK, Message = SuccessMessage, Data = response });
    }
}
