using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>A proxy that passes its prefix on, one that removes it, and both.</summary>
internal sealed class PathBaseTests
{
    private const string Prefix = "X-Forwarded-Prefix";

    private static readonly (string, string?) PathBase = ("PathBase", "/analytics");
    private static readonly (string, string?) KnownProxy = ("ForwardedHeaders:KnownProxies:0", "127.0.0.1");

    private static IEnumerable<TestCaseData> Links()
    {
        yield return Case("no prefix", "", "", [], null);
        yield return Case("path base", "/analytics", "/analytics", [PathBase], null);
        yield return Case("path base, requested without it", "", "", [PathBase], null);
        yield return Case("removed prefix", "", "/a/b", [KnownProxy], "/a/b");
        yield return Case("removed prefix with a slash at its end", "", "/a", [KnownProxy], "/a/");
        yield return Case("removed prefix of an unknown proxy", "", "", [("ForwardedHeaders:KnownProxies:0", "10.0.0.5")], "/a");
        yield return Case("removed prefix before the path base", "/analytics", "/a/analytics", [PathBase, KnownProxy], "/a");
        yield return Case("prefix that would name another host", "", "/evil.example", [KnownProxy], "//evil.example");
    }

    [TestCaseSource(nameof(Links))]
    public async Task Link_to_the_next_page_has_the_prefix_of_the_client(
        string requested, string linked, (string, string?)[] settings, string? forwarded)
    {
        await using var service = await Acme.StartServiceAsync(settings);
        await service.AddSalesTasksAsync(new NativeTask("a"), new NativeTask("b"));

        var page = await service.SendAsync(new AnalyticsRequest
        {
            Path = $"{requested}{TaskListRequests.Path}", Query = "limit=1", Headers = forwarded is null ? [] : [(Prefix, forwarded)],
        });

        Assert.That(page["Link"], Does.StartWith($"<{linked}{TaskListRequests.Path}?limit=1&cursor="));
    }

    [TestCase("/health/ready"), TestCase("/openapi/v1.json"), TestCase("/docs/")]
    public async Task Every_route_is_served_below_the_path_base(string path)
    {
        await using var service = await Acme.StartServiceAsync(PathBase);

        Assert.That((await service.SendAsync($"/analytics{path}")).Status, Is.EqualTo(200));
    }

    private static TestCaseData Case(
        string name, string requested, string linked, (string, string?)[] settings, string? forwarded) =>
        new TestCaseData(requested, linked, settings, forwarded).SetArgDisplayNames(name);
}
