using System.Reflection;
using Analytics.Application.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The service's own store: its calls are counted, and it can be unavailable or read-only.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
internal class ObservedTaskStore : DispatchProxy
#pragma warning restore CA1852
{
    private ITaskStore _store = null!;
    private int _transactions;
    private int _clearedPools;

    public int Transactions => Volatile.Read(ref _transactions);

    public int ClearedPools => Volatile.Read(ref _clearedPools);

    public bool IsUnavailable { get; set; }

    public bool IsReadOnly { get; set; }

    // Replaces the service's store.
    public static void Install(IServiceCollection services)
    {
        var original = services.Single(descriptor => descriptor.ServiceType == typeof(ITaskStore));
        services.Remove(original);
        services.AddSingleton(provider =>
        {
            var proxy = Create<ITaskStore, ObservedTaskStore>();
            ((ObservedTaskStore)(object)proxy)._store = (ITaskStore)(original.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, original.ImplementationType!));
            return proxy;
        });
    }

    public static ObservedTaskStore Of(AnalyticsService service) => (ObservedTaskStore)service.Services.GetRequiredService<ITaskStore>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case nameof(ITaskStore.BeginAsync):
                Interlocked.Increment(ref _transactions);
                if (IsUnavailable)
                {
                    throw new SqliteException("The database is unavailable.", 14);
                }

                break;

            case nameof(ITaskStore.ClearPool):
                Interlocked.Increment(ref _clearedPools);
                break;

            case nameof(ITaskStore.IsReadOnlyAsync) when IsReadOnly:
                return Task.FromResult(true);
        }

        return targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
