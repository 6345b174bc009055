using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>Changes arrive by themselves, and a fault is never drawn as no data.</summary>
internal sealed class LiveTests : DashboardFixture
{
    [Test]
    public async Task Push_reaches_the_strip_and_the_cards_and_leaves_the_focus()
    {
        var page = await SignInAsync("date_range=today&timezone=UTC");
        await page.GetByText("Live").First.WaitForAsync();
        var before = await GetCallsOfTodayAsync();
        var button = page.Locator("#who").GetByRole(AriaRole.Button, new() { Name = "Spaces" });
        await button.FocusAsync();
        var scrolled = await page.EvaluateAsync<double>("() => scrollY");

        await PushCallAsync("pushed-1", "\"label\":\"Interested\"");

        await page.Locator(".strip", new() { HasText = $"{before + 1} calls" }).WaitForAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync($"{before + 1}");
        Assert.That(await button.EvaluateAsync<bool>("button => button === document.activeElement"), Is.True);
        Assert.That(await page.EvaluateAsync<double>("() => scrollY"), Is.EqualTo(scrolled).And.GreaterThan(0));
    }

    [Test]
    public async Task Change_before_the_first_event_reaches_the_cards()
    {
        var page = await OpenAsync();
        var stream = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(IsStream, route =>
        {
            stream.TrySetResult(route);
            return Task.CompletedTask;
        });
        await page.GotoAsync($"{Service.Address}?date_range=today&timezone=UTC#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();
        var calls = await GetCallsOfTodayAsync();

        await PushCallAsync("between-1", "\"label\":\"Interested\"");
        var route = await stream.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await route.ContinueAsync();

        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync($"{calls + 1}");
    }

    [Test]
    public async Task Unavailable_service_leaves_the_numbers_and_says_so_until_it_recovers()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");
        var before = await page.GetCardAsync("Calls");
        await FailAsync(page, 503, "Service temporarily unavailable.");

        await page.Keyboard.PressAsync("w");
        await page.Locator(".banner", new() { HasText = "Service temporarily unavailable. What you see is from before." }).WaitForAsync();
        Assert.That(await page.Locator(".banner").InnerTextAsync(), Does.Contain("request abc"));
        Assert.That(await page.GetCardAsync("Calls"), Is.EqualTo(before));

        await page.UnrouteAllAsync();
        await page.Locator(".banner").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var calls = (long)(await GetAsync("date_range=7d&timezone=UTC"))["call_analytics"]!["total_calls"]!;
        Assert.That(await page.GetCardAsync("Calls"), Is.EqualTo($"{calls}"));
        ExpectStatus(503);
    }

    [Test]
    public async Task Without_a_free_stream_the_page_polls()
    {
        var page = await OpenAsync();
        await page.Clock.InstallAsync();
        await FailAsync(page, 429, "Too many requests.", "/stream/");
        await page.GotoAsync($"{Service.Address}?date_range=today&timezone=UTC#token={Token}&org={DemoData.Handle}");
        await page.GetByText("Updates every 15 s").WaitForAsync();
        await page.WaitForNumbersAsync();
        var calls = await GetCallsOfTodayAsync();

        await PushCallAsync("polled-1", "\"label\":\"Interested\"");
        await page.Clock.RunForAsync(15_000);

        await page.Locator(".strip", new() { HasText = $"{calls + 1} calls" }).WaitForAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync($"{calls + 1}");
        ExpectStatus(429);
    }

    [Test]
    public async Task Stream_that_is_cut_is_resumed_behind_its_last_event()
    {
        var page = await OpenAsync();
        var isCut = false;
        var resumed = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(IsStream, async route =>
        {
            if (!isCut)
            {
                isCut = true;
                await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = "event: version\nid: last\n\n" });
                return;
            }

            resumed.TrySetResult(await route.Request.HeaderValueAsync("Last-Event-ID"));
            await route.ContinueAsync();
        });
        await page.GotoAsync($"{Service.Address}?date_range=today&timezone=UTC#token={Token}&org={DemoData.Handle}");

        Assert.That(await resumed.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("last"));
        await page.GetByText("Live").WaitForAsync();
    }

    [Test]
    public async Task Silent_stream_is_resumed_behind_its_last_event_and_the_page_says_so()
    {
        var page = await OpenAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync($"{Service.Address}?date_range=today&timezone=UTC#token={Token}&org={DemoData.Handle}");
        await page.GetByText("Live").WaitForAsync();
        await page.WaitForNumbersAsync();
        var last = await GetLastEventIdAsync();
        var resumed = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(IsStream, route =>
        {
            resumed.TrySetResult(route);
            return Task.CompletedTask;
        });

        // The page gives up after 35 s without data, and tries again at most 1.25 s later.
        await page.Clock.RunForAsync(37_000);
        var route = await resumed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await page.GetByText("Connecting …").WaitForAsync();
        Assert.That(await route.Request.HeaderValueAsync("Last-Event-ID"), Is.EqualTo(last));

        await route.ContinueAsync();
        await page.GetByText("Live").WaitForAsync();
    }

    [Test]
    public async Task Hidden_tab_closes_its_stream_and_a_visible_one_is_live_again()
    {
        var page = await SignInAsync("date_range=today&timezone=UTC");
        await page.GetByText("Live").WaitForAsync();

        await SetHiddenAsync(page, isHidden: true);
        await page.GetByText("Paused").WaitForAsync();
        var calls = await GetCallsOfTodayAsync();
        await PushCallAsync("hidden-1", "\"label\":\"Interested\"");

        await SetHiddenAsync(page, isHidden: false);
        await page.GetByText("Live").WaitForAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync($"{calls + 1}");
    }

    [Test]
    public async Task New_calls_wait_behind_a_button_while_more_than_a_page_is_open()
    {
        var page = await SignInAsync("date_range=all&timezone=UTC");
        await page.GetByText("Live").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await Assertions.Expect(page.Locator("#calls tbody tr")).ToHaveCountAsync(20);
        var first = await page.Locator("#calls tbody tr").First.InnerTextAsync();

        await PushCallAsync("waiting-1", "\"label\":\"Interested\"");

        var button = page.GetByRole(AriaRole.Button, new() { Name = "1 new" });
        await button.WaitForAsync();
        Assert.That(await page.Locator("#calls tbody tr").First.InnerTextAsync(), Is.EqualTo(first));
        await button.ClickAsync();
        await Assertions.Expect(page.Locator("#calls tbody tr").First).ToContainTextAsync("waiting-1");
    }

    // The heap after the first third of the updates is compared with the heap after all of them.
    [Test]
    public async Task Live_updates_do_not_grow_the_heap()
    {
        var updates = TestDepth.Select(30, 1_800); // One every 2 s: a minute, an hour.
        var page = await OpenAsync();
        await page.Clock.InstallAsync();
        var claims = Tokens.CreateClaims(("user_id", DemoData.UserId), ("exp", Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(3))));
        await page.GotoAsync($"{Service.Address}?date_range=month&timezone=UTC#token={Tokens.Sign(claims)}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();
        await page.GetByText("Live").WaitForAsync();

        // Playwright reports responses only while there is a handler. Without this one, a response between two waits was missed.
        page.Response += (_, _) => { };
        var first = 0.0;
        for (var i = 1; i <= updates; i++)
        {
            await page.RunAndWaitForResponseAsync(
                async () =>
                {
                    await page.Clock.RunForAsync(2_000);
                    await PushCallAsync("heap-1", $"\"label\":\"Interested\",\"success_score\":{i % 10}");
                },
                response => response.Url.Contains("/tasks/", StringComparison.Ordinal));
            first = i == updates / 3 ? await GetHeapAsync(page) : first;
        }

        Assert.That(await GetHeapAsync(page) - first, Is.LessThan(5_000_000));
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

        await Service.ExecuteAsync("UPDATE spaces SET name = @Hostile WHERE token = @SpaceToken", new { Hostile, DemoData.SpaceToken });
        await PushCallAsync("hostile-1", $"\"agent\":\"{Hostile}\",\"label\":\"{Hostile}\"");

        await page.Locator("#who").GetByText(Hostile).WaitForAsync();
        await page.Locator("#calls .what").GetByText(Hostile).WaitForAsync();
        await page.Locator("#who").GetByRole(AriaRole.Button, new() { Name = Hostile }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Spaces" }).ClickAsync();
        await page.Locator("#who").GetByRole(AriaRole.Button, new() { Name = Hostile }).ClickAsync();
        await page.Locator(".chip", new() { HasText = $"Space {Hostile}" }).WaitForAsync();
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
        await page.Locator("#over-time tbody tr").First.WaitForAsync();
        var cells = await page.Locator("#over-time tbody tr td:nth-child(2)").AllInnerTextsAsync();

        Assert.That(await page.Locator(".running").CountAsync(), Is.EqualTo(1));
        Assert.That(
            cells.Select(text => text.Length == 0), Is.EqualTo(days.Select(day => (string)day!["state"]! == "future")));
    }

    private static bool IsStream(string url) => url.Contains("/stream/", StringComparison.Ordinal);

    private static async Task SetHiddenAsync(IPage page, bool isHidden) => await page.EvaluateAsync(
        """
        (isHidden) => {
          Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        isHidden);

    private static async Task<double> GetHeapAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        return (await session.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
    }

    private async Task<string?> GetLastEventIdAsync()
    {
        using var stream = await EventStream.OpenAsync(Service.Address, new AnalyticsRequest
        {
            Query = "date_range=today&timezone=UTC&include=meta",
            Handle = DemoData.Handle,
            Authorization = Tokens.CreateAuthorization(DemoData.UserId),
        });
        return (await stream.ReadNextEventAsync())?.Id;
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
        var (inserted, updated, _, _) = (await Service.PushAsync(push)).GetCounts();
        Assert.That(inserted + updated, Is.EqualTo(1));
    }
}
