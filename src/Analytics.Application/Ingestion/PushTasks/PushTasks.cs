using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Requests;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>Writes the tasks of one push in one transaction, except for lines that are invalid.</summary>
public sealed record PushTasksCommand(
    OrganisationScope Scope,
    IReadOnlyCollection<string> TokenScopes,
    RawQuery RawQuery,
    PushBodySource ReadBody,
    string RequestId)
    : IOrganisationCommand, IRequest<PushTasksResponse>;

internal sealed class PushTasksHandler(
    SpaceReader spaces,
    TaskWriter taskWriter,
    CurrentOrganisation organisation,
    CurrentPushBody body,
    AuditLog audit,
    TimeProvider clock)
    : IRequestHandler<PushTasksCommand, PushTasksResponse>
{
    public async Task<PushTasksResponse> Handle(PushTasksCommand command, CancellationToken cancellationToken)
    {
        var format = new NativeFormat(organisation.Id, await spaces.ReadAsync(organisation.Id, cancellationToken), command.Scope.Product);
        var (writes, rejected) = await ReadAsync(body.Value, format, cancellationToken);

        // A token of its own: cancelling a command makes the driver contact the server synchronously, which may block.
        var writeCancellation = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => _ = writeCancellation.CancelAsync());

        // A commit cannot be cancelled. At the deadline the client gets an error and the outcome is unknown; a retry is idempotent.
        var counts = await WriteAsync(command, organisation.Id, writes, rejected.Count, writeCancellation.Token);
        AnalyticsMetrics.RecordRejectedLines(rejected.Count);
        return PushTasksResponse.From(counts, rejected, body.Value.Format);
    }

    private async Task<(List<TaskWrite> Writes, List<RejectedLine> Rejected)> ReadAsync(
        PushBody body, NativeFormat format, CancellationToken cancellationToken)
    {
        var writes = new List<TaskWrite>();
        var rejected = new List<RejectedLine>();
        await foreach (var (number, content) in body.ReadAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (format.Read(content, Timestamp.Now(clock)))
            {
                case TaskLine.Rejected(var taskId, var reason):
                    var hint = rejected.Count < PushTasksResponse.MaxErrors ? PushHints.Find(content.Span, body.Format) : null;
                    rejected.Add(new RejectedLine(number, taskId, hint ?? reason));
                    break;

                case TaskLine.Accepted(_, var write):
                    writes.Add(write);
                    break;
            }
        }

        return (writes, rejected);
    }

    // Writes the audit record itself, because the write can complete after the request has ended.
    private async Task<ImportCounts> WriteAsync(
        PushTasksCommand command, long organisationId, List<TaskWrite> writes, int rejected, CancellationToken cancellationToken)
    {
        var actor = new Actor($"user {command.Scope.UserId}", command.RequestId);
        try
        {
            // Task.Run, because SQLite's calls are synchronous.
            var written = writes.Count == 0
                ? WriteCounts.None
                : await Task.Run(() => taskWriter.WriteAsync(organisationId, writes, cancellationToken), cancellationToken);
            var counts = new ImportCounts(written, rejected);
            audit.Record(actor, "tasks written", organisationId, $"{counts}");
            return counts;
        }
        catch (DbException)
        {
            // The response to a commit may be lost. A retry then changes nothing and is audited as such, so record the actor here.
            audit.Record(actor, "write outcome unknown", organisationId, $"at most {writes.Count}");
            throw;
        }
    }
}
