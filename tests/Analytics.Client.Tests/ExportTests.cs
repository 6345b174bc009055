using System.Text.Json;
using Analytics.Client.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Client.Tests;

/// <summary>Exports whose connection fails, of a small server.</summary>
internal sealed class ExportTests
{
    [Test]
    public async Task Export_that_is_cut_is_an_error_after_its_rows()
    {
        var row = JsonSerializer.Serialize(
            await TestClient.Create().ExportTasksAsync().FirstAsync(), AnalyticsJson.Default.ListedTask);
        await using var server = await StartAsync(async context =>
        {
            await context.Response.WriteAsync($"{row}\n{row}\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        // A reset may overtake rows.
        var rows = new List<ListedTask>();
        var error = Assert.ThrowsAsync<AnalyticsException>(async () =>
        {
            await foreach (var task in CreateClient(server).ExportTasksAsync())
            {
                rows.Add(task);
            }
        })!;
        Assert.That((error.StatusCode, error.Code), Is.EqualTo(((System.Net.HttpStatusCode?)null, ErrorCode.Unreachable)));
        Assert.That(rows, Has.Count.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task File_that_is_cut_is_an_error()
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("task_id\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        var error = Assert.ThrowsAsync<AnalyticsException>(
            () => CreateClient(server).DownloadTasksAsync(null, ResponseFormat.Csv, Stream.Null))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.Unreachable));
    }

    [Test]
    public async Task Second_export_of_an_organisation_is_an_error_with_its_time()
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "5";
            await context.Response.WriteAsync("""{"status_code":429,"message":"Too many requests.","code":"rate_limited"}""");
        });

        var error = Assert.ThrowsAsync<AnalyticsException>(() => CreateClient(server).ExportTasksAsync().ToListAsync().AsTask())!;
        Assert.That((error.Code, error.RetryAfter), Is.EqualTo((ErrorCode.RateLimited, TimeSpan.FromSeconds(5))));
    }

    private static AnalyticsClient CreateClient(WebApplication server)
    {
        var services = new ServiceCollection();
        services.AddAnalyticsClient(options =>
            (options.BaseAddress, options.Token, options.MaxRetries) = (new Uri(server.Urls.Single()), "token", 0));
        return services.BuildServiceProvider().GetRequiredService<AnalyticsClient>();
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(handle);
        await server.StartAsync();
        return server;
    }
}
