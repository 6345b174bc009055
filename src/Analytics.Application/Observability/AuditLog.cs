using Microsoft.Extensions.Logging;

namespace Analytics.Application.Observability;

/// <summary>Who does something, and by which request.</summary>
/// <param name="Name">Such as <c>user 7</c> over HTTP, or <c>operator root</c> at a shell.</param>
/// <param name="RequestId">The request's id: <c>X-Request-Id</c>, or that of the command's run.</param>
public sealed record Actor(string Name, string RequestId);

/// <summary>Says in the log who changed what: one line for each write and each of the operator's commands. It names ids and counts, never content.</summary>
public sealed partial class AuditLog(ILogger<AuditLog> log)
{
    /// <summary>Records something that was done, is about to be, or may have been.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="action">What it was, such as <c>tasks written</c>.</param>
    /// <param name="organisationId">The organisation that it was done to.</param>
    /// <param name="counts">What changed, such as <c>inserted 3, updated 0, unchanged 1, rejected 0</c>.</param>
    public void Record(Actor actor, string action, long organisationId, string counts) => Record(action, actor.Name, organisationId, counts, actor.RequestId);

    /// <summary>Records something that was done to no one organisation.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="action">What it was, such as <c>organisations listed</c>.</param>
    /// <param name="counts">What was read or changed, such as <c>organisations 3</c>.</param>
    public void Record(Actor actor, string action, string counts) => Record(action, actor.Name, counts, actor.RequestId);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Audit: {Action} by {Actor}, organisation {OrganisationId}: {Counts}, request {RequestId}")]
    private partial void Record(string action, string actor, long organisationId, string counts, string requestId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Audit: {Action} by {Actor}: {Counts}, request {RequestId}")]
    private partial void Record(string action, string actor, string counts, string requestId);
}
