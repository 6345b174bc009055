using System.Globalization;
using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>What the page shows is what the API says.</summary>
internal sealed class NumbersTests : DashboardFixture
{
    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("en-GB");

    [Test]
    public async Task Cards_equal_the_numbers_of_the_API(
        [Values("28d", "91d", "all")] string range, [Values("UTC", "Asia/Kolkata", "America/New_York")] string timeZone)
    {
        var page = await SignInAsync($"date_range={range}&timezone={timeZone}");
        var data = await GetAsync($"date_range={range}&timezone={timeZone}&include=components");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await page.GetCardAsync("Calls"), Is.EqualTo(Format(data["call_analytics"]!["total_calls"]!)));
            Assert.That(await page.GetCardAsync("Interested"), Is.EqualTo(Format(data["call_analytics"]!["interested"]!)));
            Assert.That(await page.GetCardAsync("Average score"),
                Is.EqualTo(((double)data["call_analytics"]!["avg_success_score"]!).ToString("N2", Culture)));
        }
    }

    [TestCase("Interested", "outcome=interested"), TestCase("Not connected", "outcome=not_connected")]
    [TestCase("Other or not finished", "outcome=other"), TestCase("Completed", "status=completed"), TestCase("Pending", "status=pending")]
    public async Task Click_on_a_number_lists_as_many_calls_and_back_lists_all(string name, string filter)
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC");
        var all = await page.Locator("#calls .legend").InnerTextAsync();
        var row = page.Locator("#outcomes tr", new() { HasText = name }).First;
        var number = await row.Locator("td").First.InnerTextAsync();

        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#calls .legend")).ToHaveTextAsync(number);

        Assert.That(new Uri(page.Url).Query, Is.EqualTo($"?date_range=91d&timezone=UTC&{filter}"));
        Assert.That(number, Is.EqualTo(Format((await GetAsync(
            $"date_range=91d&timezone=UTC&{filter}&include=total", $"{AnalyticsRequest.AnalyticsPath}tasks/"))["total"]!)));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#calls .legend")).ToHaveTextAsync(number);
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#calls .legend")).ToHaveTextAsync(all);
    }

    [TestCase("agent", "asha", "agent=asha"), TestCase("space", "Sales", "space_token=S2ALESQ8Z1K5N7C3X9W4T6M0")]
    [TestCase("direction", "inbound", "direction=inbound"), TestCase("run", "demo-run-2", "run_id=demo-run-2")]
    public async Task Click_on_a_row_filters_everything_and_back_removes_the_filter(string by, string name, string filter)
    {
        var page = await SignInAsync($"date_range=91d&timezone=UTC&by={by}");
        var before = await page.GetCardAsync("Calls");

        await page.Locator("#who").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        var filtered = Format((await GetAsync($"date_range=91d&timezone=UTC&{filter}"))["call_analytics"]!["total_calls"]!);

        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(filtered);
        Assert.That(filtered, Is.Not.EqualTo(before));
        Assert.That(new Uri(page.Url).Query, Is.EqualTo($"?date_range=91d&timezone=UTC&{filter}&by={by}"));

        await page.ReloadAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(filtered);
        var copied = await SignInAsync(new Uri(page.Url).Query[1..]);
        await Assertions.Expect(copied.GetCard("Calls")).ToHaveTextAsync(filtered);

        await page.GoBackAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(before);
    }

    [Test]
    public async Task Click_on_a_chip_removes_its_filter()
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC&agent=asha&agent=ben&status=failed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Agent asha" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Calls: failed" }).ClickAsync();

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=91d&timezone=UTC&agent=ben"));
    }

    [Test]
    public async Task Labels_are_behind_other_unless_a_filter_excludes_them()
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC");
        await page.GetByText("What is behind “other”").ClickAsync();
        var labels = (await GetAsync("date_range=91d&timezone=UTC&group_by=label"))["groups"]!.AsArray();
        await Assertions.Expect(page.Locator("#who tbody tr")).ToHaveCountAsync(labels.Count);
        await Assertions.Expect(page.Locator("#who tbody tr", new() { HasText = "Wrong Number" })).ToContainTextAsync("Wrong Number other");

        var requests = 0;
        page.Request += (_, request) => requests += request.Url.Contains("group_by=label", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync($"{Service.Address}?date_range=91d&timezone=UTC&by=label&agent=asha");
        await page.GetByText("Labels cannot be combined with a filter").WaitForAsync();
        await page.WaitForNumbersAsync();
        Assert.That(requests, Is.Zero);
    }

    [Test]
    public async Task Invalid_query_is_explained_by_the_message_of_the_API_and_can_be_left()
    {
        var page = await OpenAsync($"?date_range=8d#token={Token}&org={DemoData.Handle}");
        await page.Locator(".banner", new() { HasText = "date_range" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start over" }).ClickAsync();
        await page.WaitForNumbersAsync();

        Assert.That(new Uri(page.Url).Query, Does.StartWith("?date_range=28d&timezone="));
        ExpectStatus(400);
    }

    [Test]
    public async Task Unknown_space_is_explained_and_all_spaces_are_the_way_back()
    {
        var page = await OpenAsync($"?date_range=28d&timezone=UTC&space_token=unknown#token={Token}&org={DemoData.Handle}");
        await page.Locator(".banner", new() { HasText = "Space not found." }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all spaces" }).ClickAsync();
        await page.WaitForNumbersAsync();

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=28d&timezone=UTC"));
        ExpectStatus(404);
    }

    [Test]
    public async Task Dates_are_chosen_in_either_order()
    {
        var page = await SignInAsync("date_range=28d&timezone=UTC");
        await page.Keyboard.PressAsync("c");
        await page.GetByLabel("First day").FillAsync("2026-03-31");
        await page.GetByLabel("Last day").FillAsync("2026-03-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.WaitForNumbersAsync();

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?start_date=2026-03-01&end_date=2026-03-31&timezone=UTC"));
    }

    [Test]
    public async Task First_load_writes_the_time_zone_into_the_address()
    {
        var page = await SignInAsync();

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=28d&timezone=Europe%2FLondon&compare=previous_period"));
    }

    private static string Format(JsonNode number) => ((long)number).ToString("N0", Culture);
}
