using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>A service with the demo, and pages of it. A fixture's test fails if a page reports an error that the test does not expect.</summary>
internal abstract class DashboardFixture
{
    private readonly List<IBrowserContext> _contexts = [];

    protected AnalyticsService Service { get; private set; } = null!;

    // What the page writes to the console as an error, and what it throws.
    protected List<string> Errors { get; } = [];

    protected static string Token { get; } = Tokens.Create(DemoData.UserId);

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await StartServiceAsync();

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
        var errors = Errors.ToList();
        Errors.Clear();
        Assert.That(errors, Is.Empty, "Errors of the page");
    }

    protected virtual Task<AnalyticsService> StartServiceAsync() => AnalyticsService.StartWithDemoAsync();

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
    public static ILocator GetCard(this IPage page, string label) => page.Locator($".card:has(.label:text-is('{label}')) strong");

    public static Task<string> GetCardAsync(this IPage page, string label) => page.GetCard(label).InnerTextAsync();
}
