using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Which proxies are trusted to name a client's address.</summary>
internal sealed class ForwardedHeadersTests
{
    private static readonly AnalyticsRequest Anonymous = new() { Authorization = null };

    [Test]
    public async Task Forwarded_header_is_ignored_by_default()
    {
        await using var service = await StartAsync();

        Assert.That(await StatusesAsync(service, "192.0.2.1", "192.0.2.2", "192.0.2.3"), Is.EqualTo(new[] { 401, 401, 429 }));
    }

    [Test]
    public async Task Forwarded_header_of_unknown_proxy_is_ignored()
    {
        await using var service =
            await StartAsync(("ForwardedHeaders:KnownProxies:0", "10.0.0.0/8"), ("ForwardedHeaders:KnownProxies:1", "2001:db8::5"));

        Assert.That(await StatusesAsync(service, "192.0.2.1", "192.0.2.2", "192.0.2.3"), Is.EqualTo(new[] { 401, 401, 429 }));
    }

    [TestCase("127.0.0.1"), TestCase("127.0.0.0/8")]
    public async Task Known_proxy_header_is_used(string proxy)
    {
        await using var service = await StartAsync(("ForwardedHeaders:KnownProxies:0", proxy));

        Assert.That(await StatusesAsync(service, "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1"),
            Is.EqualTo(new[] { 401, 401, 401, 429 }));
    }

    [Test]
    public async Task Client_supplied_forwarded_addresses_are_ignored()
    {
        await using var service =
            await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.1"), ("ForwardedHeaders:KnownProxies:1", "10.0.0.5"));

        // Each proxy appends the address of its client: only the appended addresses are known.
        Assert.That(
            await StatusesAsync(
                service, "198.51.100.1, 192.0.2.1, 10.0.0.5", "198.51.100.2, 192.0.2.1, 10.0.0.5", "198.51.100.3, 192.0.2.1, 10.0.0.5"),
            Is.EqualTo(new[] { 401, 401, 429 }));
    }

    private static Task<AnalyticsService> StartAsync(params IEnumerable<(string Key, string? Value)> proxies) =>
        Acme.StartServiceAsync([("RateLimit:Enabled", "true"), ("RateLimit:AnonymousRequestsPerMinute", "2"), .. proxies]);

    private static async Task<IReadOnlyList<int>> StatusesAsync(AnalyticsService service, params IEnumerable<string> forwardedFor)
    {
        var statuses = new List<int>();
        foreach (var address in forwardedFor)
        {
            statuses.Add((await service.SendAsync(Anonymous with { Headers = [("X-Forwarded-For", address)] })).Status);
        }

        return statuses;
    }
}
