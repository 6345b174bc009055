using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;

namespace Analytics.Client.Tests;

/// <summary>One service with the demo for all tests. What a test writes it deletes.</summary>
[SetUpFixture]
internal sealed class Demo
{
    // Tests that push use this space; the numbers of the other one are documented.
    public const string SalesSpace = "S2ALESQ8Z1K5N7C3X9W4T6M0";

    public static AnalyticsService Service { get; private set; } = null!;

    public static string Token { get; } = Tokens.Create(DemoData.UserId);

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await AnalyticsService.StartWithDemoAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Service.DisposeAsync();
        await ScratchDatabase.DropTemplatesAsync();
    }

    // The raw data of a response.
    public static async Task<Reply> SendAsync(string path, string query) => await Service.SendAsync(new AnalyticsRequest
    {
        Path = path, Query = query, Handle = DemoData.Handle, Authorization = $"Bearer {Token}",
    });
}
