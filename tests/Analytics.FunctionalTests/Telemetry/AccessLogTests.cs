using Analytics.Api.Telemetry;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>Which requests have a line in the log.</summary>
internal sealed class AccessLogTests
{
    private const string Route = "api/v2/platform/organisation/analytics";

    [TestCase(null, "GET 200,GET 304,_OTHER 405,GET 401"), TestCase("all", "GET 200,GET 304,_OTHER 405,GET 401")]
    [TestCase("errors", "_OTHER 405,GET 401"), TestCase("off", "")]
    public async Task Mode_selects_the_logged_requests(string? mode, string expected)
    {
        using var log = new LogRecorder(LogLevel.Information);
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite,
            services => services.AddSingleton<ILoggerProvider>(log),
            ("AccessLog:Mode", mode), ("AccessLog:SlowMilliseconds", "3600000"),
            ($"Logging:LogLevel:{typeof(AccessLog).FullName}", "Information"));

        var first = await service.SendAsync();
        await service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", first["ETag"]!)] });
        await service.SendAsync(new AnalyticsRequest { Method = "SECRET" });
        await service.SendAsync(new AnalyticsRequest { Authorization = null });

        await Eventually.TrueAsync(() => GetLines().Count == expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.That(string.Join(',', GetLines().Select(line => string.Join(' ', line.Split(' ')[0], line.Split(' ')[2]))), Is.EqualTo(expected));
        Assert.That(GetLines(), Has.All.Contains(Route).Or.Contain(" none "));

        List<string> GetLines() => [.. log.GetMessages(nameof(AccessLog)).Where(line => !line.EndsWith(" warm-up", StringComparison.Ordinal))];
    }

    [TestCase(200, 999, false), TestCase(200, 1_000, true), TestCase(304, 0, false), TestCase(400, 0, true), TestCase(503, 0, true)]
    public void Errors_mode_includes_errors_and_slow_requests(int status, int milliseconds, bool isIncluded) =>
        Assert.That(new AccessLogSettings(AccessLogMode.Errors, TimeSpan.FromSeconds(1))
            .Includes(status, TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(isIncluded));
}
