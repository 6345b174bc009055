namespace Analytics.Api.Hosting;

/// <summary>
/// The host logs every exception that ends the start, with its stack. Until the service has started it does not: a wrong setting is one
/// sentence, and a defect is logged by <see cref="ServerUrls.ServeAsync"/>.
/// </summary>
internal sealed class HostLogFilter
{
    private const string Category = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile bool _isShown;

    public static void AddTo(WebApplicationBuilder builder)
    {
        var filter = new HostLogFilter();
        builder.Services.AddSingleton(filter);
        builder.Logging.AddFilter(Category, level => level == LogLevel.Critical || (level >= LogLevel.Warning && filter._isShown));
    }

    public void Show() => _isShown = true;
}
