using System.CommandLine;
using System.Text.Json;
using Analytics.Api.Controllers;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Bench;

/// <summary>A minimal MVC endpoint: a constant response of the same shape and size, behind JwtBearer as the framework has it.</summary>
internal static class Baseline
{
    public const string CommandName = "baseline";
    public const string Path = "/baseline";
    public const string ResponseKey = "Response";

    public static ApiResponse<GetAnalyticsResponse> Read(string response) =>
        JsonSerializer.Deserialize<ApiResponse<GetAnalyticsResponse>>(response, Json.Options)!;

    public static Command Command()
    {
        var command = new Command(CommandName) { Hidden = true };
        command.SetAction((_, cancellationToken) => ServeAsync(cancellationToken));
        return command;
    }

    private static async Task ServeAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services
            .AddSingleton(Read(builder.Configuration[ResponseKey]!))
            .AddControllersWithJson()
            .AddAuthorization()
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options => options.TokenValidationParameters = new TokenValidationParameters
            {
                IssuerSigningKeys = JwtSettings.From(builder.Configuration).SigningKeys,
                ValidateIssuer = false,
                ValidateAudience = false,
            });

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapControllers();
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}

[Authorize]
[Route(Baseline.Path)]
public sealed class BaselineController(ApiResponse<GetAnalyticsResponse> response) : ControllerBase
{
    [HttpGet]
    public IActionResult Get() => Ok(response);
}
