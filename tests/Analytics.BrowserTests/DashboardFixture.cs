using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>
/// A service with the demo, and pages of it. A fixture's test fails if a page reports an error that the test does not expect.
/// </summary>
internal abstract class DashboardFixture
{
    private readonly List<IBrowserContext> _contexts = [];
    private readonly List<int> _expectedStatuses = [];

    protected AnalyticsService Service { get; private set; } = null!;

    // In deep runs PostgreSQL, if a variable names one.
    private static DatabaseEngine Engine { get; } = TestDepth.Select(
        DatabaseEngine.Sqlite, TestEngines.Configured.Contains(DatabaseEngine.Postgres) ? DatabaseEngine.Postgres : DatabaseEngine.Sqlite);

    // What the page writes to the console as an error, and what it throws.
    protected List<string> Errors { get; } = [];

    protected static string Token { get; } = Tokens.Create(DemoData.UserId);

    [OneTimeSetUp]
    public virtual async Task StartAsync() => Service = await AnalyticsService.StartWithDemoAsync(Engine, Settings);

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        _contexts.Clear();

        // Only now: the page may have repeated a request until it was closed.
        var errors = Errors.Where(error => !IsExpected(error)).ToList();
        Errors.Clear();
        _expectedStatuses.Clear();
        Assert.That(errors, Is.Empty, "Errors of the page");
    }

    protected virtual IEnumerable<(string Key, string? Value)> Settings => [];

    // A page that is not signed in.
    protected async Task<IPage> OpenAsync(string path = "", BrowserNewContextOptions? options = null)
    {
        var context = await Chromium.Browser.NewContextAsync(
            options ?? new() { Locale = "en-GB", TimezoneId = "Europe/London", ViewportSize = new() { Width = 1280, Height = 900 } });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Errors.Add(message.Text);
            }
        };
        await page.GotoAsync(new Uri(Service.Address, path).ToString());
        return page;
    }

    // A page of the demo's owner, with its numbers.
    protected async Task<IPage> SignInAsync(string query = "", BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync($"?{query}#token={Token}&org={DemoData.Handle}&product=unpod.dev", options);
        await page.WaitForNumbersAsync();
        return page;
    }

    // The service answers what the page reads with this error, until the page's routes are removed.
    protected static Task FailAsync(IPage page, int status, string message, string path = "/organisation/analytics/") => page.RouteAsync(
        url => url.Contains(path, StringComparison.Ordinal), route => route.FulfillAsync(new()
        {
            Status = status,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "1", ["Content-Type"] = "application/json" },
            Body = $$"""{"status_code":{{status}},"message":"{{message}}","code":"test","request_id":"abc"}""",
        }));

    // The browser reports each such response itself.
    protected void ExpectStatus(int status) => _expectedStatuses.Add(status);

    // What the API says about the same.
    protected async Task<JsonNode> GetAsync(string query, string path = AnalyticsRequest.AnalyticsPath)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest
        {
            Path = path, Query = query, Handle = DemoData.Handle, Authorization = Tokens.CreateAuthorization(DemoData.UserId),
        });
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        return reply.Json["data"]!;
    }

    private bool IsExpected(string error) =>
        _expectedStatuses.Exists(status => error.Contains($"status of {status}", StringComparison.Ordinal));
}

internal static class DashboardPageExtensions
{
    // Until every section shows the numbers of the address.
    public static async Task WaitForNumbersAsync(this IPage page)
    {
        await page.Locator("main[aria-busy=false]").WaitForAsync();
        await page.Locator(".cards strong").First.WaitForAsync();
    }

    // The number of a card.
    public static ILocator GetCard(this IPage page, string label) => page.Locator($".card:has(> .faint:text-is('{label}')) strong");

    public static Task<string> GetCardAsync(this IPage page, string label) => page.GetCard(label).InnerTextAsync();
}
