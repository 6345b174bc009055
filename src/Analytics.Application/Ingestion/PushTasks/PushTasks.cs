using System.Data.Common;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Requests;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>Writes the tasks that a partner sends as its calls go on: all of them, in one transaction.</summary>
/// <param name="Scope">Who writes to which organisation; its product is that of tasks that name none.</param>
/// <param name="TokenScopes">The words of the caller's token's scope.</param>
/// <param name="RawQuery">The parameters, of which there are none.</param>
/// <param name="Body">The tasks.</param>
/// <param name="RequestId">By which the audit log names the request.</param>
public sealed record PushTasksCommand(OrganisationScope Scope, IReadOnlyCollection<string> TokenScopes, RawQuery RawQuery, PushBody Body, string RequestId)
    : IOrganisationCommand, IRequest<PushTasksResponse>;

internal sealed class PushTasksHandler(
    SpaceReader spaces, TaskWriter taskWriter, CurrentOrganisation organisation, AuditLog audit, TimeProvider clock, ILogger<PushTasksHandler> logger)
    : IRequestHandler<PushTasksCommand, PushTasksResponse>
{
    public async Task<PushTasksResponse> Handle(PushTasksCommand command, CancellationToken cancellationToken)
    {
        var format = new NativeFormat(organisation.Id, await spaces.ReadAsync(organisation.Id, cancellationToken), command.Scope.Product);
        var (writes, rejected) = await ReadAsync(command.Body, format, cancellationToken);
        AnalyticsMetrics.RecordRejectedLines(rejected.Count);

        // Not by the request's own token: a driver that is called off tells its server, and waits for one that does not listen.
        var writeCancellation = new CancellationTokenSource();
        var writing = WriteAsync(command, organisation.Id, writes, rejected.Count, writeCancellation.Token);
        try
        {
            // A commit cannot be called off. Who waits for it no longer is told that nobody knows, and may send the same again.
            return PushTasksResponse.From(await writing.WaitAsync(cancellationToken), rejected);
        }
        catch (OperationCanceledException) when (!writing.IsCompleted)
        {
            _ = writeCancellation.CancelAsync();
            _ = LogFailureAsync(writing, command.RequestId);
            throw;
        }
    }

    /// <summary>All lines, before anything is written.</summary>
    private async Task<(List<TaskWrite> Writes, List<RejectedLine> Rejected)> ReadAsync(PushBody body, NativeFormat format, CancellationToken cancellationToken)
    {
        var writes = new List<TaskWrite>();
        var rejected = new List<RejectedLine>();
        await foreach (var line in LineReader.ReadAsync(body.Open(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (format.Read(line.Content, Timestamp.Now(clock)))
            {
                case TaskLine.Rejected(var taskId, var reason):
                    rejected.Add(new RejectedLine(line.Number, taskId, reason));
                    break;

                case TaskLine.Accepted(_, var write):
                    writes.Add(write);
                    break;
            }
        }

        return (writes, rejected);
    }

    /// <summary>What is written is recorded, also when nobody waits for it any more.</summary>
    private async Task<ImportCounts> WriteAsync(
        PushTasksCommand command, long organisationId, List<TaskWrite> writes, int rejected, CancellationToken cancellationToken)
    {
        var actor = new Actor($"user {command.Scope.UserId}", command.RequestId);
        try
        {
            // On another thread: SQLite's calls do not yield.
            var written = writes.Count == 0 ? WriteCounts.None : await Task.Run(() => taskWriter.WriteAsync(organisationId, writes, cancellationToken), cancellationToken);
            var counts = new ImportCounts(written, rejected);
            audit.Record(actor, "tasks written", organisationId, $"{counts}");
            return counts;
        }
        catch (DbException)
        {
            // It may be the answer to a commit that was lost: then who sends the same again is told that it changes nothing,
            // and no other line would say who wrote it.
            audit.Record(actor, "tasks perhaps written", organisationId, $"at most {writes.Count}");
            throw;
        }
    }

    /// <summary>A defect of ours must not go unseen because nobody waited for it.</summary>
    private async Task LogFailureAsync(Task writing, string requestId)
    {
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (writing.Exception?.InnerException is { } exception and not DbException)
        {
            logger.LogError(exception, "A push that nobody waited for any more failed, request {RequestId}", requestId);
        }
    }
}
