using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.Health;
using Analytics.Api.Hosting;
using Analytics.Api.OpenApi;
using Analytics.Api.RateLimiting;
using Analytics.Api.RequestBodies;
using Analytics.Api.Streaming;
using Analytics.Api.Telemetry;
using Analytics.Application;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

try
{
    using var fileSizeLimit = FileSizeLimit.IgnoreSigXfsz();

    // appsettings.json is next to the executable, whatever the working directory is.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var isDemo = builder.Environment.IsDevelopment() && DevelopmentDefaults.AddTo(builder.Configuration, builder.Configuration);
    var database = DatabaseSettings.From(builder.Configuration);
    var jwt = JwtSettings.From(builder.Configuration);
    var rateLimits = RateLimitSettings.From(builder.Configuration);
    var knownProxies = ForwardedHeadersSetup.From(builder.Configuration);
    ServerUrls.Validate(builder.Configuration);
    ThreadPoolSettings.Apply(database);

    builder.Services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<DatabaseReadiness>()
        .AddSingleton<StreamConcurrencyLimiter>()
        .AddSingleton<ExportConcurrencyLimiter>()
        .AddSingleton<BodyMemoryBudget>()
        .AddSingleton<AnalyticsStreamService>()
        .AddApplication(
            builder.Configuration["AutoMapper:LicenseKey"],
            ResponseCacheSettings.GetMaxEntries(builder.Configuration),
            database.Limits.Reads,
            database.Limits.Writes)
        .AddIngestion()
        .AddDatabase(database)
        .AddJwtAuthentication(jwt)
        .AddCorsOrigins(builder.Configuration)
        .AddControllersWithJson()
        .AddRequestLogging()
        .AddTelemetryExport(builder.Configuration)
        .AddRequestTimeoutPolicy(builder.Configuration)
        .AddGracefulShutdown(builder.Configuration, builder.Environment)
        .AddDocumentation();
    builder.WebHost.ConfigureServer();

    await using var app = builder.Build();
    app.UseKnownProxies(knownProxies);
    app.UseResponseHeaders();
    app.UseHttpLogging();
    app.UseErrorResponses();
    app.UseRouting();
    app.UseRequestTimeoutPolicy();
    app.UseCors();
    app.UseAuthentication();
    app.UseRateLimits(rateLimits);
    app.UseAuthorization();
    app.UseLoadShedding();
    app.MapControllers();
    app.MapDocumentation();

    if (isDemo)
    {
        await app.PrepareDemoAsync(database, jwt);
    }

    new Migrator(database).RequireCurrent();
    await app.ServeAsync();
    return 0;
}
catch (ConfigurationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
