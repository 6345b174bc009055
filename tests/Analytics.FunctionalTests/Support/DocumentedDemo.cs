using Analytics.Application.Demo;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests.Support;

/// <summary>The demo as it stood when the documented answers were given.</summary>
internal static class DocumentedDemo
{
    private static readonly DateTimeOffset DocumentedTime = new(2026, 11, 8, 9, 40, 0, TimeSpan.Zero);

    /// <summary>A token that no clock's time ends.</summary>
    private static readonly string Token = Tokens.Sign(Tokens.CreateClaims(("user_id", DemoData.UserId), ("exp", DateTimeOffset.MaxValue.ToUnixTimeSeconds())));

    /// <summary>The documented request, but for its path and query.</summary>
    public static AnalyticsRequest Request { get; } = new() { Handle = DemoData.Handle, Authorization = $"jwt {Token}" };

    public static async Task<AnalyticsService> StartAsync()
    {
        var service = await AnalyticsService.StartAsync(DatabaseEngine.Sqlite, services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(DocumentedTime)));
        await service.Services.GetRequiredService<DemoData>().LoadAsync(CancellationToken.None);
        return service;
    }
}
