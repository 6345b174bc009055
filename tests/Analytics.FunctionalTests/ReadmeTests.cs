using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The responses in the README are those of a new installation.</summary>
internal sealed partial class ReadmeTests
{
    private static readonly string[] Pages = ["README.md", ".github/docs/queries.md", ".github/docs/pushing.md"];
    private static readonly string[] Catalogue = ["organisations", "spaces", "members"];

    [Test]
    public async Task Documented_responses_match_those_of_the_demo_and_example_data()
    {
        var pages = string.Concat(Pages.Select(page => File.ReadAllText(GetRepositoryPath(page))));
        var documented = ResponsePattern().Matches(pages).Select(response => response.Value).ToList();
        await using var service = await AnalyticsService.StartWithDemoAsync();
        await ImportExampleAsync(new CommandLine(service.Database));

        var demo = new AnalyticsRequest { Handle = DemoData.Handle, Authorization = Tokens.CreateAuthorization(DemoData.UserId) };
        string[] responses =
        [
            (await service.SendAsync(demo with { SpaceToken = DemoData.SpaceToken })).Body,
            (await service.SendAsync(new AnalyticsRequest { Handle = "acme.example", Authorization = Tokens.CreateAuthorization(7) })).Body,
            (await service.SendAsync(demo)).Body,
            (await service.PushAsync(PushRequest.FromText(PushedLinesPattern().Match(pages).Value) with {
                Handle = "acme.example", Authorization = Tokens.CreateAuthorization(7) })).Body,
        ];
        Assert.That(documented, Is.EqualTo(responses));
    }

    private static async Task ImportExampleAsync(CommandLine analytics)
    {
        foreach (var kind in Catalogue)
        {
            await analytics.RunAsync(["import", kind, GetRepositoryPath($"build/examples/{kind}.csv")]);
        }

        await analytics.RunAsync(["import", "tasks", GetRepositoryPath("build/examples/tasks.json")]);
    }

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);

    [GeneratedRegex("(?<=<<'END'\n).*?(?=\nEND\n)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PushedLinesPattern();

    [GeneratedRegex("(?<=```json\n).*?(?=\n```)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ResponsePattern();
}
