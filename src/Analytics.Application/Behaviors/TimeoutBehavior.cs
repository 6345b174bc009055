using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>Ends a query at the request's deadline, even if the driver does not react to cancellation.</summary>
internal sealed class TimeoutBehavior<TRequest, TResponse>(RequestDeadline deadline) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationQuery
    where TResponse : Versioned
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var response = next();
        return deadline.WaitAsync(response, abandon: () => _ = DisposeAbandonedAsync(response), cancellationToken);
    }

    private static async Task DisposeAbandonedAsync(Task<TResponse> response)
    {
        await ((Task)response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (response.IsCompletedSuccessfully)
        {
            await (await response).DisposeAsync();
        }
    }
}
