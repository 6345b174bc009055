using Analytics.Api.Authentication;
using Analytics.Api.Bodies;
using Analytics.Api.Documentation;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.Health;
using Analytics.Api.Limits;
using Analytics.Api.Live;
using Analytics.Api.Startup;
using Analytics.Api.Telemetry;
using Analytics.Application;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;

try
{
    using var fileSizeLimit = FileSizeLimit.Survive();

    // The settings file lies beside the service, wherever that is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var isDemo = builder.Environment.IsDevelopment() && DevelopmentDefaults.AddTo(builder.Configuration, builder.Configuration);
    var database = DatabaseSettings.From(builder.Configuration);
    var jwt = JwtSettings.From(builder.Configuration);
    var rates = RateLimitSettings.From(builder.Configuration);
    var proxies = Proxies.From(builder.Configuration);
    Addresses.RequireValid(builder.Configuration);
    Threads.ProvideFor(database);

    builder.Services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<DatabaseReadiness>()
        .AddSingleton<StreamLimits>()
        .AddSingleton<ExportLimits>()
        .AddSingleton<BodyMemory>()
        .AddSingleton<LiveAnswers>()
        .AddApplication(builder.Configuration["AutoMapper:LicenseKey"], AnswerCacheSettings.EntriesFrom(builder.Configuration), database.Limits.Questions, database.Limits.Writes)
        .AddWriting()
        .AddDatabase(database)
        .AddJwtAuthentication(jwt)
        .AddCorsOrigins(builder.Configuration)
        .AddControllersWithJson()
        .AddRequestLog()
        .AddTelemetryExport(builder.Configuration)
        .AddRequestTimeLimit(builder.Configuration)
        .AddOrderlyStop(builder.Configuration, builder.Environment)
        .AddDocumentation();
    builder.WebHost.ConfigureServer();

    await using var app = builder.Build();
    app.UseProxies(proxies);
    app.UseResponseHeaders();
    app.UseHttpLogging();
    app.UseErrorResponses();
    app.UseRouting();
    app.UseRequestTimeLimit();
    app.UseCors();
    app.UseAuthentication();
    app.UseRateLimits(rates);
    app.UseAuthorization();
    app.UseEarlyRefusal();
    app.MapControllers();
    app.MapDocumentation();

    if (isDemo)
    {
        await app.PrepareDemoAsync(database, jwt);
    }

    new Migrator(database).RequireCurrent();
    await app.ListenAsync();
    return 0;
}
catch (SettingException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}
