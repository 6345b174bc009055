using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The answers that the README shows are those that a stranger gets.</summary>
internal sealed partial class ReadmeTests
{
    private static readonly string[] Pages = ["README.md", ".github/docs/queries.md", ".github/docs/pushing.md"];
    private static readonly string[] Catalogue = ["organisations", "spaces", "members"];

    [Test]
    public async Task ItsAnswersAreThoseOfTheDemoAndOfTheExampleExport()
    {
        var pages = string.Concat(Pages.Select(page => File.ReadAllText(InCheckout(page))));
        var shown = Answers().Matches(pages).Select(response => response.Value).ToList();
        await using var service = await AnalyticsService.StartWithDemoAsync();
        await ImportExampleAsync(new CommandLine(service.Database));

        var demo = new AnalyticsRequest { Handle = DemoData.Handle, Authorization = Tokens.CreateAuthorization(DemoData.UserId) };
        string[] responses =
        [
            (await service.SendAsync(demo with { SpaceToken = DemoData.SpaceToken })).Body,
            (await service.SendAsync(new AnalyticsRequest { Handle = "acme.example", Authorization = Tokens.CreateAuthorization(7) })).Body,
            (await service.SendAsync(demo)).Body,
            (await service.PushAsync(PushRequest.FromText(PushedLines().Match(pages).Value) with { Handle = "acme.example", Authorization = Tokens.CreateAuthorization(7) })).Body,
        ];
        Assert.That(shown, Is.EqualTo(responses));
    }

    private static async Task ImportExampleAsync(CommandLine analytics)
    {
        foreach (var kind in Catalogue)
        {
            await analytics.RunAsync(["import", kind, InCheckout($"build/examples/{kind}.csv")]);
        }

        await analytics.RunAsync(["import", "tasks", InCheckout("build/examples/tasks.json")]);
    }

    private static string InCheckout(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../..", path);

    [GeneratedRegex("(?<=<<'END'\n).*?(?=\nEND\n)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PushedLines();

    [GeneratedRegex("(?<=```json\n).*?(?=\n```)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Answers();
}
