using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>Changes arrive by themselves, and a fault is never drawn as no data.</summary>
internal sealed class LiveTests : DashboardFixture
{
    private static readonly Func<string, bool> IsNumbers = url => url.Contains("/organisation/analytics/?", StringComparison.Ordinal);

    [Test]
    public async Task Push_reaches_the_strip_and_the_cards_and_leaves_the_focus()
    {
        var page = await SignInAsync("date_range=today&timezone=UTC");
        await page.GetByText("Live").First.WaitForAsync();
        var before = await GetCallsOfTodayAsync();
        var button = page.Locator(".who").GetByRole(AriaRole.Button, new() { Name = "Spaces" });
        await button.FocusAsync();

        await PushCallAsync("live-1", "\"label\":\"Interested\"");

        await page.Locator(".strip", new() { HasText = $"{before + 1} calls" }).WaitForAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync($"{before + 1}");
        Assert.That(await button.EvaluateAsync<bool>("button => button === document.activeElement"), Is.True);
    }

    [Test]
    public async Task Unavailable_service_leaves_the_numbers_and_says_so_until_it_recovers()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");
        var before = await page.GetCardAsync("Calls");
        await page.RouteAsync(IsNumbers, route => route.FulfillAsync(new()
        {
            Status = 503,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "1", ["Content-Type"] = "application/json" },
            Body = """{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"abc"}""",
        }));

        await page.Keyboard.PressAsync("w");
        await page.Locator(".banner", new() { HasText = "Service temporarily unavailable. What you see is from before." }).WaitForAsync();
        Assert.That(await page.Locator(".banner").InnerTextAsync(), Does.Contain("request abc"));
        Assert.That(await page.GetCardAsync("Calls"), Is.EqualTo(before));

        await page.UnrouteAsync(IsNumbers);
        await page.Locator(".banner").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var calls = (long)(await GetAsync("date_range=7d&timezone=UTC"))["call_analytics"]!["total_calls"]!;
        Assert.That(await page.GetCardAsync("Calls"), Is.EqualTo($"{calls}"));
        Errors.RemoveAll(error => error.Contains("503", StringComparison.Ordinal));
    }

    [Test]
    public async Task Without_a_free_stream_the_page_polls()
    {
        var page = await OpenAsync();
        await page.RouteAsync(url => url.Contains("/stream/", StringComparison.Ordinal), route => route.FulfillAsync(new()
        {
            Status = 429,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "1", ["Content-Type"] = "application/json" },
            Body = """{"status_code":429,"message":"Too many requests.","code":"rate_limited"}""",
        }));
        await page.GotoAsync($"{Service.Address}?date_range=28d#token={Token}&org={DemoData.Handle}");

        await page.GetByText("Updates every 15 s").WaitForAsync();
        Errors.RemoveAll(error => error.Contains("429", StringComparison.Ordinal));
    }

    [Test]
    public async Task Names_of_others_run_nothing()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        var page = await SignInAsync("date_range=today&timezone=UTC");
        var dialogs = 0;
        page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };

        await PushCallAsync("hostile-1", $"\"agent\":\"{Hostile}\",\"label\":\"{Hostile}\"");

        await page.Locator(".who").GetByText(Hostile).WaitForAsync();
        await page.Locator(".calls .what").GetByText(Hostile).WaitForAsync();
        await page.Locator(".who").GetByRole(AriaRole.Button, new() { Name = Hostile }).ClickAsync();
        await page.WaitForNumbersAsync();
        Assert.That(await page.Locator("img[src=x]").CountAsync(), Is.Zero);
        Assert.That(dialogs, Is.Zero);
    }

    [Test]
    public async Task Running_bucket_is_hatched_and_the_future_is_blank()
    {
        await PushCallAsync("running-1", "\"label\":\"Interested\"");
        var page = await SignInAsync("date_range=month&timezone=UTC");
        var days = (await GetAsync("date_range=month&timezone=UTC&interval=day"))["series"]!.AsArray();
        await page.GetByText("As a table").ClickAsync();
        await page.Locator(".over-time tbody tr").First.WaitForAsync();
        var cells = await page.Locator(".over-time tbody tr td:nth-child(2)").AllInnerTextsAsync();

        Assert.That(await page.Locator(".running").CountAsync(), Is.EqualTo(1));
        Assert.That(
            cells.Select(text => text.Length == 0), Is.EqualTo(days.Select(day => (string)day!["state"]! == "future")));
    }

    private async Task<long> GetCallsOfTodayAsync() =>
        (long)(await GetAsync("date_range=today&timezone=UTC"))["call_analytics"]!["total_calls"]!;

    private async Task PushCallAsync(string taskId, string fields)
    {
        var push = PushRequest.FromText(
            $$"""{"task_id":"{{taskId}}","space_token":"{{DemoData.SpaceToken}}","status":"completed",{{fields}}}""") with
        {
            Handle = DemoData.Handle, Authorization = Tokens.CreateAuthorization(DemoData.UserId),
        };
        var counts = (await Service.PushAsync(push)).GetCounts();
        Assert.That(counts, Is.EqualTo((1L, 0L, 0L, 0L)));
    }
}
