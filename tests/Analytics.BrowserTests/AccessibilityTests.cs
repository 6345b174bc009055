using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>What axe finds, and what works without a mouse and on a phone.</summary>
internal sealed class AccessibilityTests : DashboardFixture
{
    [Test]
    public async Task Axe_finds_nothing([Values(1280, 390)] int width, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme)
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC&compare=previous_period", CreateOptions(width, scheme));
        await AssertNothingFoundAsync(page, "page");
        foreach (var key in new[] { "c", "?" })
        {
            await page.Keyboard.PressAsync(key);
            await page.Locator("dialog[open]").WaitForAsync();
            await AssertNothingFoundAsync(page, key);
            await page.Keyboard.PressAsync("Escape");
        }
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

    // axe is injected as a string, which the page's policy forbids.
    private static BrowserNewContextOptions CreateOptions(int width, ColorScheme scheme) =>
        new() { BypassCSP = true, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = "en-GB" };

    private static async Task AssertNothingFoundAsync(IPage page, string where)
    {
        var result = await page.RunAxe();
        Assert.That(result.Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"), Is.Empty, where);
    }
}
