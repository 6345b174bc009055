using Analytics.Application.Organisations;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>Holds the handlers of one organisation, whatever their tokens say, as slow statements would.</summary>
internal sealed class HandlerGate
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heldCount;

    // The organisation whose handlers are held from now on; none by default.
    public string? HeldHandle { get; set; }

    // Whether a handler is held after it has run, instead of before.
    public bool HoldsResponses { get; set; }

    // The number of handlers that have been held.
    public int HeldCount => Volatile.Read(ref _heldCount);

    // Behind all behaviors of the service.
    public void Install(IServiceCollection services) =>
        services.AddSingleton(this).AddScoped(typeof(IPipelineBehavior<,>), typeof(HoldBehavior<,>));

    public void Release() => _released.TrySetResult();

    // Makes the held handlers fail.
    public void Fail(Exception exception) => _released.TrySetException(exception);

    private async Task PassAsync(string handle)
    {
        if (handle == HeldHandle)
        {
            Interlocked.Increment(ref _heldCount);
            await _released.Task;
        }
    }

    private sealed class HoldBehavior<TRequest, TResponse>(HandlerGate gate) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : IOrganisationRequest
    {
        public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
        {
            if (gate.HoldsResponses)
            {
                var response = await next();
                await gate.PassAsync(request.Scope.Handle);
                return response;
            }

            await gate.PassAsync(request.Scope.Handle);
            return await next();
        }
    }
}
