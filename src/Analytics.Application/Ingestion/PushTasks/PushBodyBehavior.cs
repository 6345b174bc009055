using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>
/// Reads a push's body: after authorization, so that others cannot upload, and before a permit is acquired, so that a slow
/// upload holds none.
/// </summary>
internal sealed class PushBodyBehavior(BodyMemoryBudget memoryBudget, CurrentOrganisation organisation, CurrentPushBody body)
    : IPipelineBehavior<PushTasksCommand, PushTasksResponse>
{
    public async Task<PushTasksResponse> Handle(
        PushTasksCommand command, CancellationToken cancellationToken, RequestHandlerDelegate<PushTasksResponse> next)
    {
        using var memory = memoryBudget.Reserve(organisation.Id);
        body.Set(await command.ReadBody(memory, cancellationToken));
        return await next();
    }
}

/// <summary>The body of the current push, set once by the pipeline.</summary>
internal sealed class CurrentPushBody
{
    private PushBody? _body;

    public PushBody Value => _body ?? throw new InvalidOperationException("The pipeline has not read the body.");

    public void Set(PushBody body) => _body = body;
}
