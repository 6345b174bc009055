using Analytics.Application.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Client.Tests.Support;

/// <summary>Clients as an application gets them.</summary>
internal static class TestClient
{
    // Of the real service.
    public static AnalyticsClient Create(Action<AnalyticsClientOptions>? configure = null, DelegatingHandler? handler = null)
    {
        var services = new ServiceCollection();
        var http = services.AddAnalyticsClient(options =>
        {
            options.BaseAddress = Demo.Service.Address;
            options.Token = Demo.Token;
            options.Organisation = DemoData.Handle;
            configure?.Invoke(options);
        });
        if (handler is not null)
        {
            http.AddHttpMessageHandler(() => handler);
        }

        return services.BuildServiceProvider().GetRequiredService<AnalyticsClient>();
    }

    // Of a handler instead of a service, with a clock that only the test moves.
    public static AnalyticsClient Create(FakeServer server, ObservedTime time, Action<AnalyticsClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services
            .AddAnalyticsClient(options =>
            {
                options.BaseAddress = new Uri("http://service.test");
                options.Token = "token";
                options.TimeProvider = time;
                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider().GetRequiredService<AnalyticsClient>();
    }
}
