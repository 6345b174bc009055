using System.Text.Json;

namespace Analytics.ContractTests.Support;

/// <summary>The pages of a list, one after the other.</summary>
internal static class Pages
{
    // Not more than a number of pages: the lists of a deployment may be long.
    public static async Task<IReadOnlyList<Reply>> ReadAsync(string query, string path = Routes.Tasks, int maxPages = 1_000)
    {
        var pages = new List<Reply> { await Deployment.Api.GetAsync(query, path) };
        while (pages.Count < maxPages && pages[^1].Data.GetProperty("has_more").GetBoolean())
        {
            var cursor = pages[^1].Data.GetProperty("cursor").GetString()!;
            pages.Add(await Deployment.Api.GetAsync($"{query}&cursor={Uri.EscapeDataString(cursor)}", path));
        }

        return pages;
    }

    public static List<JsonElement> GetItems(IEnumerable<Reply> pages, string key = "tasks") =>
        [.. pages.SelectMany(page => page.Data.GetProperty(key).EnumerateArray())];
}
