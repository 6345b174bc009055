using Analytics.Application.Ingestion.ImportCatalogue;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>Requests what a caller may read: organisations and spaces.</summary>
internal static class CatalogueRequests
{
    public const string OrganisationsPath = "/api/v2/platform/organisations/";
    public const string SpacesPath = "/api/v2/platform/organisation/spaces/";

    // A page, for Acme's member by default.
    public static Task<Reply> ListOrganisationsAsync(
        this AnalyticsService service, string query = "", AnalyticsRequest? request = null) =>
        service.SendAsync((request ?? new AnalyticsRequest()) with { Path = OrganisationsPath, Handle = null, Query = query });

    public static Task<Reply> ListSpacesAsync(this AnalyticsService service, string query = "", AnalyticsRequest? request = null) =>
        service.SendAsync((request ?? new AnalyticsRequest()) with { Path = SpacesPath, Query = query });

    // All pages, each by the previous one's link, which has its cursor.
    public static async Task<List<Reply>> ListAllPagesAsync(this AnalyticsService service, AnalyticsRequest request)
    {
        var pages = new List<Reply> { await service.SendAsync(request) };
        while (pages[^1]["Link"] is { } link)
        {
            Assert.That(link, Does.StartWith($"<{request.Path}?").And.EndsWith($"cursor={pages[^1].GetCursor()}>; rel=\"next\""));
            pages.Add(await service.SendAsync(request with { Query = link.Split('?', '>')[1] }));
        }

        return pages;
    }

    public static string? GetCursor(this Reply page) => (string?)page.Json["data"]!["cursor"];

    // The values of one field of all rows.
    public static List<string> GetHandles(this Reply page) => GetValues(page, "organisations", "handle");

    public static List<string> GetSpaceTokens(this Reply page) => GetValues(page, "spaces", "token");

    // Contact spaces whose tokens are their ids.
    public static Task AddNamedSpacesAsync(
        this AnalyticsService service, long organisationId, params IEnumerable<(long Id, string Name)> spaces) =>
        service.Services.GetRequiredService<SpaceImporter>().RunAsync(
            spaces.Select(space => new SpaceRow(
                1, $"{space.Id}", $"{organisationId}", space.Name, $"{space.Id}", "contact", "active", Slug: $"slug-{space.Id}")),
            line => throw new InvalidOperationException(line.Reason), (_, _) => { }, CancellationToken.None);

    private static List<string> GetValues(Reply page, string rows, string field) =>
        [.. page.Json["data"]![rows]!.AsArray().Select(row => (string)row![field]!)];
}
