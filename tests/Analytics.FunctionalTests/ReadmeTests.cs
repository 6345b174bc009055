using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The answers that the README shows are those that a stranger gets.</summary>
internal sealed partial class ReadmeTests
{
    [Test]
    public async Task ItsAnswersAreTheDemos()
    {
        var shown = Answers().Matches(await File.ReadAllTextAsync(Readme())).Select(answer => answer.Value).ToList();
        await using var service = await AnalyticsService.StartWithDemoAsync();

        Assert.That(shown, Is.EqualTo(new[] { await AskAsync(service, $"?space_token={DemoData.SpaceToken}"), await AskAsync(service, "") }));
    }

    private static async Task<string> AskAsync(AnalyticsService service, string query)
    {
        using var client = service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v2/platform/organisation/analytics/{query}");
        request.Headers.Add("Org-Handle", DemoData.Handle);
        request.Headers.Add("Authorization", $"jwt {Tokens.For(DemoData.UserId)}");
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string Readme([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../README.md");

    [GeneratedRegex("(?<=```json\n).*?(?=\n```)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Answers();
}
