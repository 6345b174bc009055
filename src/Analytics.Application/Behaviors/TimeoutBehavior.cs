using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Application.Requests;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Ends a request at its deadline, even if the driver does not react to cancellation. The abandoned work keeps its leases
/// until it ends.
/// </summary>
internal sealed class TimeoutBehavior<TRequest, TResponse>(RequestDeadline deadline) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IUserRequest
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var response = next();
        return deadline.WaitAsync(response, abandon: () => _ = CleanUpAsync(response), cancellationToken);
    }

    private async Task CleanUpAsync(Task<TResponse> abandonedResponse)
    {
        try
        {
            if (await abandonedResponse is Versioned response)
            {
                await response.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            deadline.LogLateFailure(exception);
        }
    }
}
