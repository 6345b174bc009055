using System.CommandLine;
using System.Text.Json;
using Analytics.Api.Authentication;
using Analytics.Api.Controllers;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Bench;

/// <summary>The least that could answer: an MVC endpoint with a constant answer of the same shape and size, behind the same authentication.</summary>
internal static class Yardstick
{
    public const string Verb = "yardstick";
    public const string Path = "/yardstick";
    public const string AnswerKey = "Answer";

    public static ApiResponse<GetAnalyticsResponse> Read(string response) => JsonSerializer.Deserialize<ApiResponse<GetAnalyticsResponse>>(response, Json.Options)!;

    public static Command Command()
    {
        var command = new Command(Verb) { Hidden = true };
        command.SetAction((_, cancellationToken) => ServeAsync(cancellationToken));
        return command;
    }

    private static async Task ServeAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services
            .AddSingleton(Read(builder.Configuration[AnswerKey]!))
            .AddJwtAuthentication(JwtSettings.From(builder.Configuration))
            .AddControllersWithJson();

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapControllers();
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}

/// <summary>Answers the same to everyone who may ask.</summary>
[Authorize]
[Route(Yardstick.Path)]
public sealed class YardstickController(ApiResponse<GetAnalyticsResponse> response) : ControllerBase
{
    /// <summary>The constant answer.</summary>
    [HttpGet]
    public IActionResult Get() => Ok(response);
}
