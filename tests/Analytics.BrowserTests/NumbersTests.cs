using System.Globalization;
using System.Text.Json.Nodes;
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

    [TestCase("interested", "Interested"), TestCase("not_connected", "Not connected"), TestCase("other", "Other or not finished")]
    public async Task List_of_an_outcome_is_as_long_as_its_number(string outcome, string name)
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC");
        var row = page.Locator(".outcomes tr", new() { HasText = name }).First;
        var number = await row.Locator("td").First.InnerTextAsync();

        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator(".calls .legend")).ToHaveTextAsync(number);

        Assert.That(page.Url, Does.Contain($"outcome={outcome}"));
        Assert.That(number, Is.EqualTo(Format((await GetAsync(
            $"date_range=91d&timezone=UTC&outcome={outcome}&include=total", $"{AnalyticsRequest.AnalyticsPath}tasks/"))["total"]!)));
    }

    [Test]
    public async Task Click_on_an_agent_filters_everything_and_back_removes_the_filter()
    {
        var page = await SignInAsync("date_range=91d&timezone=UTC");
        var before = await page.GetCardAsync("Calls");

        await page.Locator(".who").GetByRole(AriaRole.Button, new() { Name = "asha", Exact = true }).ClickAsync();
        var filtered = Format((await GetAsync("date_range=91d&timezone=UTC&agent=asha"))["call_analytics"]!["total_calls"]!);

        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(filtered);
        Assert.That(filtered, Is.Not.EqualTo(before));
        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=91d&timezone=UTC&agent=asha"));

        await page.ReloadAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(filtered);

        await page.GoBackAsync();
        await Assertions.Expect(page.GetCard("Calls")).ToHaveTextAsync(before);
    }

    [Test]
    public async Task First_load_writes_the_time_zone_into_the_address()
    {
        var page = await SignInAsync();

        Assert.That(new Uri(page.Url).Query, Is.EqualTo("?date_range=28d&timezone=Europe%2FLondon&compare=previous_period"));
    }

    private static string Format(JsonNode number) => ((long)number).ToString("N0", Culture);
}
