using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>
/// Waits for an answer no longer than the request may take. A driver that is called off tells its server so, and waits for
/// one that does not listen.
/// </summary>
internal sealed class AnswerInTime<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuestion
    where TResponse : IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var answering = next();
        try
        {
            return await answering.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!answering.IsCompleted)
        {
            _ = LetGoAsync(answering);
            throw;
        }
    }

    private static async Task LetGoAsync(Task<TResponse> answering)
    {
        await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answering.IsCompletedSuccessfully)
        {
            await (await answering).LetGoAsync();
        }
    }
}
