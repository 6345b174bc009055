using Analytics.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client.</summary>
public static class AnalyticsClientServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="AnalyticsClient"/> with its retries and cache. The options are validated when the host starts; services
    /// can set them through <c>services.AddOptions&lt;AnalyticsClientOptions&gt;().Configure&lt;TService&gt;(…)</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>, for further handlers.</returns>
    public static IHttpClientBuilder AddAnalyticsClient(this IServiceCollection services, Action<AnalyticsClientOptions> configure)
    {
        services.AddOptionsWithValidateOnStart<AnalyticsClientOptions, AnalyticsClientOptionsValidator>().Configure(configure);
        services.TryAddSingleton<ResponseCache>();
        var client = services.AddHttpClient(nameof(AnalyticsClient), HttpSetup.Configure)
            .UseSocketsHttpHandler((sockets, _) => HttpSetup.Configure(sockets))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddTypedClient((http, provider) => new AnalyticsClient(new ApiConnection(
                http, GetOptions(provider), provider.GetRequiredService<ResponseCache>())));
        client.AddResilienceHandler(
            nameof(AnalyticsClient), (builder, context) => ResilienceSetup.Configure(builder, GetOptions(context.ServiceProvider)));
        return client.AddHttpMessageHandler(() => new BufferingHandler());
    }

    private static AnalyticsClientOptions GetOptions(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<AnalyticsClientOptions>>().Value;
}
