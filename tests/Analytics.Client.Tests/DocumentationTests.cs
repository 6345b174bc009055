using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Client.Tests;

/// <summary>The C# of the documentation compiles and runs, because this file contains its lines.</summary>
[NonParallelizable]
internal sealed partial class DocumentationTests
{
    [TestCase("src/Analytics.Client/README.md")]
    [TestCase(".github/docs/clients.md")]
    public void Documented_lines_are_those_of_this_file(string page)
    {
        var code = Unindent(File.ReadAllText(GetRepositoryPath("tests/Analytics.Client.Tests/DocumentationTests.cs")));
        var blocks = BlockPattern().Matches(File.ReadAllText(GetRepositoryPath(page))).Select(block => Unindent(block.Value)).ToList();

        Assert.That(blocks, Is.Not.Empty);
        Assert.That(blocks.Where(block => !code.Contains(block, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Documented_lines_run()
    {
        var services = new ServiceCollection();
        services.AddAnalyticsClient(options =>
        {
            options.BaseAddress = new Uri("https://analytics.example.com");
            options.TokenProvider = GetTokenAsync;
            options.Organisation = "recalll.co";
        });
        services.PostConfigure<AnalyticsClientOptions>(options => options.BaseAddress = Demo.Service.Address);
        var client = services.BuildServiceProvider().GetRequiredService<AnalyticsClient>();
        using var stopping = new CancellationTokenSource();
        var cancellationToken = stopping.Token;
        var shown = new List<object>();

        Assert.CatchAsync<OperationCanceledException>(() => RunAsync());
        await client.PushTasksAsync([new() { TaskId = "call-1", Deleted = true }], CancellationToken.None);

        // A page, a task, the number of rejected tasks, and two reports, the last of which is live.
        Assert.That(shown.Select(value => value.GetType()).Distinct(),
            Is.EquivalentTo(new[] { typeof(CallAnalytics), typeof(int), typeof(string), typeof(long), typeof(AnalyticsData) }));

        async Task RunAsync()
        {
            var report = await client.GetAnalyticsAsync(new() { DateRange = DateRange.Last28Days, Timezone = "Asia/Kolkata" });
            Show(report.CallAnalytics);
            await foreach (var page in client.GetTaskPagesAsync(new() { DateRange = DateRange.Last7Days, Outcomes = [Outcome.Interested] }))
                Show(page.Tasks.Count);
            await foreach (var task in client.ExportTasksAsync(new() { DateRange = DateRange.Last12Months }))
                Show(task.TaskId);
            var call = new PushedTask { TaskId = "call-1", SpaceToken = "S2ALESQ8Z1K5N7C3X9W4T6M0", Status = "failed" };
            var result = await client.PushTasksAsync([call]);
            Show(result.Rejected);
            await foreach (var change in client.FollowAsync(new() { DateRange = DateRange.Today }, cancellationToken: cancellationToken))
                Show(change.Data);
        }

        void Show(object? value)
        {
            shown.Add(value!);
            if (value is AnalyticsData)
            {
                stopping.Cancel();
            }
        }
    }

    private static ValueTask<string> GetTokenAsync(string? rejectedToken, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Demo.Token);

    private static string Unindent(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);

    [GeneratedRegex("(?<=```csharp\n).*?(?=\n```)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex BlockPattern();
}
