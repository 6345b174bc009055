using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Behaviors;

/// <summary>How long an answer may take.</summary>
/// <param name="Value">What a request may take in all.</param>
public sealed record RequestTimeout(TimeSpan Value);

/// <summary>
/// Waits for an answer no longer than it may take. A driver that is called off tells its server so, and waits for one that
/// does not listen: on the thread that calls off, before anyone who waits for the same is told.
/// </summary>
internal sealed class TimeoutBehavior<TRequest, TResponse>(RequestTimeout timeout) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuery
    where TResponse : IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var responseTask = next();
        try
        {
            return await responseTask.WaitAsync(request.IsStreaming ? Timeout.InfiniteTimeSpan : timeout.Value, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = DisposeAbandonedAsync(responseTask);
            throw;
        }
        catch (TimeoutException) when (!responseTask.IsFaulted)
        {
            _ = DisposeAbandonedAsync(responseTask);
            throw new RequestTimedOutException();
        }
    }

    private static async Task DisposeAbandonedAsync(Task<TResponse> responseTask)
    {
        await ((Task)responseTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (responseTask.IsCompletedSuccessfully)
        {
            await (await responseTask).DisposeAsync();
        }
    }
}
