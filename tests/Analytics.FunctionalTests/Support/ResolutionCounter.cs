using Analytics.Application.Behaviors;
using Analytics.Application.Organisations;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>Counts the requests whose organisation has been found.</summary>
internal sealed class ResolutionCounter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    // Right behind the behavior that finds the organisation.
    public void Install(IServiceCollection services)
    {
        services.AddSingleton(this);
        var resolution = services.Single(service => service.ImplementationType == typeof(OrganisationResolutionBehavior<,>));
        services.Insert(services.IndexOf(resolution) + 1, ServiceDescriptor.Scoped(typeof(IPipelineBehavior<,>), typeof(CountBehavior<,>)));
    }

    private sealed class CountBehavior<TRequest, TResponse>(ResolutionCounter counter) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : IOrganisationRequest
    {
        public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
        {
            Interlocked.Increment(ref counter._count);
            return next();
        }
    }
}
