using System.IO.Compression;
using Analytics.Application.Demo;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>What a first view costs.</summary>
internal sealed class BudgetTests : DashboardFixture
{
    [Test]
    public async Task First_view_sends_at_most_7_requests_to_the_API_of_10_kB()
    {
        var answers = await LoadAsync(url => url.Contains("/api/", StringComparison.Ordinal));
        var bodies = new List<byte[]>();
        foreach (var answer in answers.Where(answer => !answer.Url.Contains("/stream/", StringComparison.Ordinal)))
        {
            bodies.Add(await answer.BodyAsync());
        }

        Assert.That(answers, Has.Count.LessThanOrEqualTo(7));
        Assert.That(bodies.Sum(Compress), Is.LessThanOrEqualTo(10_000));
    }

    [Test]
    public async Task Page_is_at_most_16_files_of_100_kB_or_35_kB_compressed()
    {
        var answers = await LoadAsync(url => !url.Contains("/api/", StringComparison.Ordinal));
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var answer in answers)
        {
            files[new Uri(answer.Url).AbsolutePath] = await answer.BodyAsync();
        }

        foreach (var (path, body) in files)
        {
            TestContext.Out.WriteLine($"{path} {body.Length} {Compress(body)}");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(files, Has.Count.LessThanOrEqualTo(16));
            Assert.That(files.Values.Sum(body => body.Length), Is.LessThanOrEqualTo(100_000));
            Assert.That(files.Values.Sum(Compress), Is.LessThanOrEqualTo(35_000));
        }
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

    // As published files are.
    private static int Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(body);
        }

        return (int)compressed.Length;
    }

    // What a first view loads.
    private async Task<List<IResponse>> LoadAsync(Func<string, bool> isCounted)
    {
        var page = await OpenAsync();
        await page.GotoAsync("about:blank");
        var answers = new List<IResponse>();
        page.Response += (_, answer) =>
        {
            if (isCounted(answer.Url))
            {
                answers.Add(answer);
            }
        };
        await page.GotoAsync($"{Service.Address}?date_range=28d&compare=previous_period#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();
        await page.GetByText("Live").WaitForAsync();
        return answers;
    }
}
