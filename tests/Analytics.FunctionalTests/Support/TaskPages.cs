using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>Asks for the tasks behind the numbers.</summary>
internal static class TaskPages
{
    public const string Path = $"{Question.Analytics}tasks/";

    /// <summary>A page; of Acme and for its member, unless said otherwise.</summary>
    public static Task<Reply> AskTasksAsync(this AnalyticsService service, string query = "", Question? question = null) =>
        service.AskAsync((question ?? new Question()) with { Path = Path, Query = query });

    /// <summary>All pages, each by the link of the one before.</summary>
    public static async Task<List<Reply>> WalkAsync(this AnalyticsService service, string query, Question? question = null)
    {
        var pages = new List<Reply> { await service.AskTasksAsync(query, question) };
        while (pages[^1]["Link"] is { } link)
        {
            Assert.That(link, Does.StartWith($"<{Path}?").And.EndsWith(">; rel=\"next\""));
            pages.Add(await service.AskTasksAsync(link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)], question));
        }

        return pages;
    }

    public static IEnumerable<JsonNode> Tasks(this Reply page) => page.Json["data"]!["tasks"]!.AsArray().Select(task => task!);

    public static List<string> Ids(this Reply page) => [.. page.Tasks().Select(task => (string)task["task_id"]!)];
}
