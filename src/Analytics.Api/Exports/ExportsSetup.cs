using Analytics.Application.Concurrency;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Exports;

internal static class ExportsSetup
{
    // Their connections are part of the reserved ones.
    private const int MaxConcurrent = 8;

    public static IServiceCollection AddExports(this IServiceCollection services, IConfiguration configuration)
    {
        var defaults = new ExportSettings();
        var settings = new ExportSettings
        {
            SpoolFolder = configuration[SettingKeys.SpoolFolder] is { Length: > 0 } folder ? folder : defaults.SpoolFolder,
            MaxSpoolBytes = configuration.GetInt64(SettingKeys.MaxSpoolBytes, defaults.MaxSpoolBytes, min: 1, long.MaxValue),
            MaxConcurrent = configuration.GetInt32(SettingKeys.MaxConcurrentExports, defaults.MaxConcurrent, min: 1, MaxConcurrent),
            MaxDownloadMinutes = configuration.GetInt32(SettingKeys.MaxDownloadMinutes, defaults.MaxDownloadMinutes, min: 1, max: 1440),
        };
        var folderOfSpools = new ExportSpoolFolder(settings);
        folderOfSpools.Validate();
        return services
            .AddSingleton(settings)
            .AddSingleton(folderOfSpools)
            .AddSingleton(_ => new ExportConcurrencyLimiter(settings.MaxConcurrent));
    }
}
