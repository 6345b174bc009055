using System.Net.Http.Headers;
using Analytics.Clients.NSwag;

namespace Analytics.Clients;

internal static class NSwagCalls
{
    public static async Task RunAsync(string url, string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var client = new AnalyticsClient(http);

        var analytics = await client.GetAnalyticsAsync(
            Check.Handle,
            date_range: DateRange._28d,
            interval: Interval.Day,
            group_by: [GroupDimension.Agent, GroupDimension.Direction],
            include: [AnalyticsInclude.Meta]);
        Check.That(analytics.Data.Groups!.Count > 0 && analytics.Data.Meta!.Interval == Interval.Day, "getAnalytics");

        var page = await client.ListTasksAsync(Check.Handle, outcome: [Outcome.Interested], limit: 2, include: [TaskListInclude.Total]);
        Check.That(page.Data.Tasks.Count == 2 && page.Data.Tasks.All(task => task.Outcome == Outcome.Interested), "listTasks");

        var organisations = await client.ListOrganisationsAsync(limit: 10);
        Check.That(organisations.Data.Organisations.Any(item => item.Handle == Check.Handle), "listOrganisations");

        var spaces = await client.ListSpacesAsync(Check.Handle, limit: 1);
        Check.That(spaces.Data.Spaces.First().Name == "Sales" && spaces.Data.Has_more, "listSpaces");

        Check.That((await client.GetDefinitionsAsync()).Data.Definitions.Count > 0, "getDefinitions");

        using var stream = await client.StreamAnalyticsAsync(Check.Handle);
        await Check.EventAsync(stream.Stream);

        var push = await client.PushTasksAsync(
            Check.Handle, [new PushedTask { Task_id = "nswag-1", Space_token = Check.SpaceToken, Status = "completed" }]);
        Check.That(push.Data.Rejected == 0, "pushTasks");

        Check.That((await client.GetLivenessAsync()).Status == "live", "getLiveness");
        Check.That((await client.GetReadinessAsync()).Status == "ready", "getReadiness");

        try
        {
            await client.GetAnalyticsAsync("nobody.example");
            Check.That(false, "an unknown organisation is an error");
        }
        catch (ApiException<ErrorResponse> error)
        {
            Check.That(error.Result.Code == ErrorCode.Organization_not_found, "an error has its code");
        }

        Console.WriteLine("NSwag: every operation works");
    }
}
