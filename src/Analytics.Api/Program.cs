using System.Text;
using Analytics.Api.Authentication;
using Analytics.Api.Documentation;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.Health;
using Analytics.Api.Live;
using Analytics.Api.Startup;
using Analytics.Api.Telemetry;
using Analytics.Application;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;

try
{
    // The settings file lies beside the service, wherever that is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var isDemo = builder.Environment.IsDevelopment() && DevelopmentDefaults.AddTo(builder.Configuration, builder.Configuration);
    var database = DatabaseSettings.From(builder.Configuration);
    var jwt = JwtSettings.From(builder.Configuration);
    Addresses.RequireValid(builder.Configuration);

    builder.Services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<DatabaseReadiness>()
        .AddSingleton<StreamLimits>()
        .AddSingleton<ExportLimits>()
        .AddSingleton<LiveAnswers>()
        .AddApplication(builder.Configuration["AutoMapper:LicenseKey"], AnswerCacheSettings.EntriesFrom(builder.Configuration))
        .AddWriting()
        .AddDatabase(database)
        .AddJwtAuthentication(jwt)
        .AddCorsOrigins(builder.Configuration)
        .AddControllersWithJson()
        .AddRequestLog()
        .AddTelemetryExport(builder.Configuration)
        .AddDocumentation();
    builder.WebHost.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;

        // Every byte is a character: what is beyond ASCII breaks a rule of ours and gets our error, instead of the server's empty one.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
    });

    await using var app = builder.Build();
    app.UseResponseHeaders();
    app.UseHttpLogging();
    app.UseErrorResponses();
    app.UseRouting();
    app.UseCors();
    app.UseAuthentication();
    app.UseAuthorization();
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
