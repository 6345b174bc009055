using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>Requests the tasks behind the numbers.</summary>
internal static class TaskListRequests
{
    public const string Path = $"{AnalyticsRequest.AnalyticsPath}tasks/";

    // A page of Acme, for its member by default.
    public static Task<Reply> ListTasksAsync(this AnalyticsService service, string query = "", AnalyticsRequest? request = null) =>
        service.SendAsync((request ?? new AnalyticsRequest()) with { Path = Path, Query = query });

    // All pages, each by the previous one's link.
    public static async Task<List<Reply>> ListAllPagesAsync(this AnalyticsService service, string query, AnalyticsRequest? request = null)
    {
        var pages = new List<Reply> { await service.ListTasksAsync(query, request) };
        while (pages[^1]["Link"] is { } link)
        {
            Assert.That(link, Does.StartWith($"<{Path}?").And.EndsWith(">; rel=\"next\""));
            pages.Add(await service.ListTasksAsync(
                link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)], request));
        }

        return pages;
    }

    public static IEnumerable<JsonNode> GetTasks(this Reply page) => page.Json["data"]!["tasks"]!.AsArray().Select(task => task!);

    public static List<string> GetTaskIds(this Reply page) => [.. page.GetTasks().Select(task => (string)task["task_id"]!)];
}
