using Analytics.Application.Demo;

namespace Analytics.BrowserTests;

/// <summary>What a first view costs.</summary>
internal sealed class BudgetTests : DashboardFixture
{
    [Test]
    public async Task First_view_sends_at_most_7_requests_to_the_API_and_loads_at_most_16_files()
    {
        var page = await OpenAsync();
        var (requests, files) = (0, new HashSet<string>(StringComparer.Ordinal));
        await page.GotoAsync("about:blank");
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/api/", StringComparison.Ordinal))
            {
                requests++;
            }
            else
            {
                files.Add(request.Url);
            }
        };
        await page.GotoAsync($"{Service.Address}?date_range=28d&compare=previous_period#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();
        await page.GetByText("Live").First.WaitForAsync();

        Assert.That(requests, Is.LessThanOrEqualTo(7));
        Assert.That(files, Has.Count.LessThanOrEqualTo(16));
    }

    [Test]
    public async Task Nothing_moves_while_the_first_view_loads()
    {
        var page = await OpenAsync();
        await page.AddInitScriptAsync("""
            window.shift = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.shift += entry.value))
              .observe({ type: "layout-shift", buffered: true });
            """);
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"{Service.Address}?date_range=28d&compare=previous_period#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();

        Assert.That(await page.EvaluateAsync<double>("() => window.shift"), Is.LessThanOrEqualTo(0.02));
    }
}
