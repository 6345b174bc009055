using Analytics.Application.Auditing;
using Analytics.Application.Imports;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Analytics.Application.Tasks.Formats;
using MediatR;

namespace Analytics.Application.Tasks.PushTasks;

/// <summary>Writes the tasks that a partner sends as its calls go on: all of them, in one transaction.</summary>
/// <param name="Scope">Who writes to which organisation; its product is that of tasks that name none.</param>
/// <param name="TokenScopes">The words of the caller's token's scope.</param>
/// <param name="Inputs">The parameters, of which there are none.</param>
/// <param name="Body">The tasks.</param>
/// <param name="RequestId">By which the audit log names the request.</param>
public sealed record PushTasksCommand(OrganisationScope Scope, IReadOnlyCollection<string> TokenScopes, QueryInputs Inputs, PushedTasks Body, string RequestId)
    : IOrganisationChange, IRequest<PushTasksResponse>;

internal sealed class PushTasksHandler(SpaceCatalogue spaces, ImportTasks import, CurrentOrganisation organisation, AuditLog audit)
    : IRequestHandler<PushTasksCommand, PushTasksResponse>
{
    public async Task<PushTasksResponse> Handle(PushTasksCommand command, CancellationToken cancellationToken)
    {
        var format = new NativeFormat(organisation.Id, await spaces.ReadAsync(organisation.Id, cancellationToken), command.Scope.Product);
        var rejected = new List<RejectedLine>();

        // Not by the request's own token: a driver that is called off tells its server, and waits for one that does not listen.
        var calledOff = new CancellationTokenSource();
        var writing = WriteAsync(command, organisation.Id, format, rejected, calledOff.Token);
        try
        {
            // A commit cannot be called off. Who waits for it no longer is told that nobody knows, and may send the same again.
            return PushTasksResponse.Of(await writing.WaitAsync(cancellationToken), rejected);
        }
        finally
        {
            _ = calledOff.CancelAsync();
        }
    }

    /// <summary>What is written is recorded, also when nobody waits for it any more.</summary>
    private async Task<ImportCounts> WriteAsync(
        PushTasksCommand command, long organisationId, NativeFormat format, List<RejectedLine> rejected, CancellationToken cancellationToken)
    {
        // Of one organisation and no more than a batch: it is written at the end, once every line has been read.
        var written = await import.RunAsync(command.Body.Open(), format, rejected.Add, onWritten: (_, _) => { }, onLine: _ => { }, cancellationToken);
        audit.Record(new Actor($"user {command.Scope.UserId}", command.RequestId), "tasks written", organisationId, $"{written}");
        return written;
    }
}
