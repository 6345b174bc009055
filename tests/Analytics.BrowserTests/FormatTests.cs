using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>English words with the numbers of the reader's region, and the list as a file.</summary>
internal sealed class FormatTests : DashboardFixture
{
    [TestCase("en-US", "467.00"), TestCase("en-IN", "467.00"), TestCase("de-DE", "467,00")]
    public async Task Numbers_are_those_of_the_region(string locale, string score, string percent)
    {
        var page = await SignInAsync(
            "timezone=UTC&date_range=all&space_token=F1O3QJM1Y7Q1AVVUYNV4VPRB", new() { Locale = locale, ViewportSize = new() { Width = 1280, Height = 900 } });

        Assert.That(await page.GetCardAsync("Average score"), Is.EqualTo(score));
        Assert.That(await page.GetCardAsync("Completed"), Does.Match(@"^72[.,]1").And.EndsWith(percent));
        Assert.That(await page.GetCardAsync("Average duration"), Is.EqualTo("0:59"));
    }

    [Test]
    public async Task File_of_the_calls_equals_that_of_the_API()
    {
        const string Query = "date_range=91d&timezone=UTC&outcome=interested";
        var page = await SignInAsync(Query);
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        var file = await File.ReadAllBytesAsync(await download.PathAsync());
        var expected = await Service.SendAsync(new AnalyticsRequest
        {
            Path = $"{AnalyticsRequest.AnalyticsPath}tasks/", Query = $"{Query}&format=csv", Handle = "recalll.co",
            Authorization = Tokens.CreateAuthorization(1),
        });

        Assert.That(file[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }));
        Assert.That(System.Text.Encoding.UTF8.GetString(file[3..]), Is.EqualTo(expected.Body));
    }
}
