using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>How long an answer may take.</summary>
/// <param name="Longest">What a request may take in all.</param>
public sealed record AnswerLimit(TimeSpan Longest);

/// <summary>
/// Waits for an answer no longer than it may take. A driver that is called off tells its server so, and waits for one that
/// does not listen: on the thread that calls off, before anyone who waits for the same is told.
/// </summary>
internal sealed class AnswerInTime<TRequest, TResponse>(AnswerLimit limit) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuestion
    where TResponse : IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var answering = next();
        try
        {
            return await answering.WaitAsync(request.IsOfStream ? Timeout.InfiniteTimeSpan : limit.Longest, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = LetGoAsync(answering);
            throw;
        }
        catch (TimeoutException) when (!answering.IsFaulted)
        {
            _ = LetGoAsync(answering);
            throw new AnswerLateException();
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
