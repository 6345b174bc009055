using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>What axe finds, and what works without a mouse and on a phone.</summary>
internal sealed class AccessibilityTests : DashboardFixture
{
    [Test]
    public async Task Axe_finds_nothing_in_the_page_and_its_dialogs(
        [Values(1280, 390)] int width, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme)
    {
        var page = await SignInAsync("date_range=month&timezone=UTC&compare=previous_period&agent=asha", CreateOptions(width, scheme));
        await page.GetByText("As a table").ClickAsync();
        await AssertNothingFoundAsync(page, "page");
        foreach (var open in new[] { "Choose dates", "What the numbers mean", "Keyboard shortcuts", "API" })
        {
            var button = page.Locator($"button[title='{open}'], button:text-is('{open}')");
            if (await button.IsVisibleAsync())
            {
                await button.ClickAsync();
                await page.Locator("dialog[open]").WaitForAsync();
                await AssertNothingFoundAsync(page, open);
                await page.Keyboard.PressAsync("Escape");
            }
        }
    }

    [Test]
    public async Task Axe_finds_nothing_in_the_states(
        [Values(1280, 390)] int width, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme)
    {
        var page = await OpenAsync(options: CreateOptions(width, scheme));
        await page.GetByRole(AriaRole.Main).WaitForAsync();
        await AssertNothingFoundAsync(page, "sign-in");

        page = await SignInAsync("start_date=2001-01-01&end_date=2001-01-31&timezone=UTC", CreateOptions(width, scheme));
        await page.GetByText("No calls in this period.").First.WaitForAsync();
        await AssertNothingFoundAsync(page, "empty");

        await FailAsync(page, 503, "Service temporarily unavailable.");
        await page.Keyboard.PressAsync("w");
        await page.Locator(".banner[role=alert]").WaitForAsync();
        await AssertNothingFoundAsync(page, "503");
        ExpectStatus(503);
    }

    [TestCase(390), TestCase(320)]
    public async Task Narrow_page_does_not_scroll_sideways(int width)
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC&compare=previous_period", CreateOptions(width, ColorScheme.Light));

        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.EqualTo(width));
    }

    [Test]
    public async Task Keyboard_alone_changes_the_period_and_narrows_to_a_bar()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");

        await page.Keyboard.PressAsync("q");
        await page.WaitForNumbersAsync();
        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=91d&timezone=UTC"));

        await page.Locator(".chart").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForNumbersAsync();
        var series = (await GetAsync("date_range=91d&timezone=UTC&interval=day"))["series"]!.AsArray();
        var day = ((string)series[^2]!["start"]!)[..10];
        Assert.That(new Uri(page.Url).Query, Is.EqualTo($"?start_date={day}&end_date={day}&timezone=UTC"));
    }

    [Test]
    public async Task First_stop_of_the_keyboard_skips_to_the_calls_and_asks_for_nothing()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");
        await page.GetByText("Live").WaitForAsync();
        var requests = 0;
        page.Request += (_, request) => requests += request.Url.Contains("/api/", StringComparison.Ordinal) ? 1 : 0;

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the calls" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "CSV" })).ToBeFocusedAsync();
        Assert.That(requests, Is.Zero);
    }

    [Test]
    public async Task Theme_is_named_and_kept()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC", CreateOptions(1280, ColorScheme.Dark));

        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: auto" }).ClickAsync();
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: light" }).WaitForAsync();

        Assert.That(await page.EvaluateAsync<string>("() => getComputedStyle(document.body).colorScheme"), Is.EqualTo("light"));
    }

    [TestCase("t", "date_range=today"), TestCase("h", "date_range=24h"), TestCase("y", "date_range=yesterday")]
    [TestCase("w", "date_range=7d"), TestCase("q", "date_range=91d"), TestCase("f", "date_range=28d")]
    [TestCase("m", "date_range=month"), TestCase("s", "date_range=6mo"), TestCase("l", "date_range=12mo"), TestCase("a", "date_range=all")]
    [TestCase("x", "date_range=30d&timezone=UTC&compare=previous_period"), TestCase("Escape", "date_range=30d&timezone=UTC")]
    [TestCase("ArrowLeft", "start_date=")]
    public async Task Key_changes_the_address(string key, string expected)
    {
        var page = await SignInAsync("date_range=30d&timezone=UTC&direction=inbound&outcome=interested");
        await page.Keyboard.PressAsync(key);
        await page.WaitForNumbersAsync();

        Assert.That(new Uri(page.Url).Query, Does.StartWith($"?{expected}"));
        Assert.That(page.Url.Contains("outcome=interested", StringComparison.Ordinal), Is.EqualTo(key != "Escape"));
    }

    [Test]
    public async Task Keys_that_are_switched_off_do_nothing()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");
        await page.Keyboard.PressAsync("?");
        await page.GetByLabel("Keyboard shortcuts are on").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.ReloadAsync();
        await page.WaitForNumbersAsync();
        await page.Keyboard.PressAsync("w");

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=28d&timezone=UTC"));
    }

    // axe is injected as a string, which the page's policy forbids.
    private static BrowserNewContextOptions CreateOptions(int width, ColorScheme scheme) =>
        new() { BypassCSP = true, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = "en-GB" };

    private static async Task AssertNothingFoundAsync(IPage page, string where)
    {
        var result = await page.RunAxe();
        Assert.That(result.Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"), Is.Empty, where);
    }
}
