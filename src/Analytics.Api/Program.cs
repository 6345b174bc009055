using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Exports;
using Analytics.Api.Health;
using Analytics.Api.Hosting;
using Analytics.Api.OpenApi;
using Analytics.Api.Page;
using Analytics.Api.RateLimiting;
using Analytics.Api.Telemetry;
using Analytics.Application;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;

ProcessCulture.SetInvariant();
try
{
    using var fileSizeLimit = FileSizeLimit.IgnoreSigXfsz();
    await RunAsync(args);
    return 0;
}
catch (Exception exception) when (SettingErrors.Describe(exception) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}

internal sealed partial class Program
{
    public static async Task RunAsync(string[] args)
    {
        var builder = ServiceBuilder.Create(args);
        var isDemo = builder.Environment.IsDevelopment() && DevelopmentDefaults.AddTo(builder.Configuration, builder.Configuration);
        var database = builder.Configuration.GetDatabaseSettings();
        var jwt = JwtSettings.From(builder.Configuration);
        var page = PageSettings.From(builder.Configuration);
        ThreadPoolSettings.Apply(database);

        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddApplication(
                builder.Configuration[SettingKeys.AutoMapperLicenseKey],
                builder.Configuration.GetInt32(SettingKeys.MaxCacheEntries, defaultValue: 10_000, min: 0, max: int.MaxValue),
                database.Limits.Reads,
                database.Limits.Writes)
            .AddIngestion()
            .AddDatabase(database)
            .AddJwtAuthentication(jwt)
            .AddCorsOrigins(builder.Configuration)
            .AddControllersWithJson()
            .AddExports(builder.Configuration)
            .AddTelemetryExport(builder.Configuration)
            .AddRequestTimeoutPolicy(builder.Configuration)
            .AddGracefulShutdown(builder.Configuration, builder.Environment)
            .AddLiveDemo(builder.Configuration, isDemo)
            .AddDocumentation();
        builder.Logging.AddQueuedConsole();
        builder.WebHost.ConfigureServer().UseConfiguredUrls(builder.Configuration);

        await using var app = builder.Build();
        app.UseKnownProxies(app.Configuration);
        app.UseConfiguredPathBase(app.Configuration);
        app.UseResponseHeaders();
        app.UseAccessLog(app.Configuration);
        app.UseErrorResponses();
        app.UseRouting();
        app.UseRequestTimeoutPolicy();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimits(app.Configuration);
        app.UseAuthorization();
        app.UseLoadShedding();
        app.MapControllers();
        app.MapDocumentation();
        app.MapDashboardPage(page);
        await app.PrepareDatabaseAsync(database, isDemo, jwt, page);
        await app.WarmUpAsync(AnalyticsController.RouteTemplate, jwt);
        await app.ServeAsync();
    }
}
