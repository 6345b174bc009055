using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>One real Chromium for all tests. Where none is installed they are skipped, but not in CI.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    private static readonly string[] ExecutablePaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static IPlaywright? _playwright;

    public static IBrowser Browser { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task LaunchAsync()
    {
        var executablePath = Array.Find(ExecutablePaths, File.Exists);
        if (executablePath is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Ignore("Chromium is not installed.");
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executablePath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        await (Browser?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
        await ScratchDatabase.DropTemplatesAsync();
    }
}
