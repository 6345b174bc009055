using Analytics.Application.Demo;
using Analytics.Application.Reporting;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests.Support;

/// <summary>The demo at the time of the documented responses.</summary>
internal static class DocumentedDemo
{
    private static readonly DateTimeOffset DocumentedTime = new(2026, 11, 8, 9, 40, 0, TimeSpan.Zero);

    // A token that does not expire.
    private static readonly string Token =
        Tokens.Sign(Tokens.CreateClaims(("user_id", DemoData.UserId), ("exp", DateTimeOffset.MaxValue.ToUnixTimeSeconds())));

    // The documented request without its path and query.
    public static AnalyticsRequest Request { get; } = new() { Handle = DemoData.Handle, Authorization = $"jwt {Token}" };

    // A total that would need more than 400 tasks to be examined is null; no documented response does.
    public static async Task<AnalyticsService> StartAsync()
    {
        var service = await AnalyticsService.StartAsync(
            DatabaseEngine.Sqlite,
            services => services
                .AddSingleton<TimeProvider>(new FakeTimeProvider(DocumentedTime))
                .AddSingleton(new ExaminationLimit(400)));
        await service.Services.GetRequiredService<DemoData>().LoadAsync(CancellationToken.None);
        return service;
    }
}
