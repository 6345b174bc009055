using Microsoft.Extensions.Logging;

namespace Analytics.Application.Observability;

/// <param name="Name">Such as <c>user 7</c> over HTTP, or <c>operator root</c> at a shell.</param>
/// <param name="RequestId"><c>X-Request-Id</c>, or the id of the command's run.</param>
public sealed record Actor(string Name, string RequestId);

/// <summary>Logs one line for each write and each operator command. It contains ids and counts, never content.</summary>
public sealed partial class AuditLog(ILogger<AuditLog> log)
{
    public void Record(Actor actor, string action, long organisationId, string counts) =>
        Record(action, actor.Name, organisationId, counts, actor.RequestId);

    public void Record(Actor actor, string action, string counts) => Record(action, actor.Name, counts, actor.RequestId);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "Audit: {Action} by {Actor}, organisation {OrganisationId}: {Counts}, request {RequestId}")]
    private partial void Record(string action, string actor, long organisationId, string counts, string requestId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Audit: {Action} by {Actor}: {Counts}, request {RequestId}")]
    private partial void Record(string action, string actor, string counts, string requestId);
}
