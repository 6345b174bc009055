using Analytics.Clients.Kiota;
using Analytics.Clients.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Analytics.Clients;

internal static class KiotaCalls
{
    public static async Task RunAsync(string url, string token)
    {
        var authentication = new BaseBearerTokenAuthenticationProvider(new Token(token));
        using var adapter = new HttpClientRequestAdapter(authentication) { BaseUrl = url };
        var client = new AnalyticsClient(adapter);
        var organisation = client.Api.V2.Platform.Organisation;

        var analytics = await organisation.Analytics.GetAsync(request =>
        {
            request.Headers.Add("Org-Handle", Check.Handle);
            request.QueryParameters.DateRange = DateRange.TwoEightd;
            request.QueryParameters.Interval = Interval.Day;
            request.QueryParameters.GroupBy = [GroupDimension.Agent, GroupDimension.Direction];
            request.QueryParameters.Include = [AnalyticsInclude.Meta];
        });
        Check.That(analytics!.Data!.Groups!.Count > 0 && analytics.Data.Meta!.Interval == Interval.Day, "getAnalytics");

        var page = await organisation.Analytics.Tasks.GetAsync(request =>
        {
            request.Headers.Add("Org-Handle", Check.Handle);
            request.QueryParameters.Outcome = [Outcome.Interested];
            request.QueryParameters.Limit = 2;
            request.QueryParameters.Include = [TaskListInclude.Total];
        });
        Check.That(page!.Data!.Tasks!.Count == 2 && page.Data.Tasks.All(task => task.Outcome == Outcome.Interested), "listTasks");

        var organisations = await client.Api.V2.Platform.Organisations.GetAsync(request => request.QueryParameters.Limit = 10);
        Check.That(organisations!.Data!.Organisations!.Any(item => item.Handle == Check.Handle), "listOrganisations");

        var spaces = await organisation.Spaces.GetAsync(request =>
        {
            request.Headers.Add("Org-Handle", Check.Handle);
            request.QueryParameters.Limit = 1;
        });
        Check.That(spaces!.Data!.Spaces![0].Name == "Sales" && spaces.Data.HasMore == true, "listSpaces");

        Check.That((await organisation.Analytics.Definitions.GetAsync())!.Data!.Definitions!.Count > 0, "getDefinitions");

        await using var stream =
            await organisation.Analytics.Stream.GetAsync(request => request.Headers.Add("Org-Handle", Check.Handle));
        await Check.EventAsync(stream!);

        var push = await organisation.Tasks.PostAsync(
            [new PushedTask { TaskId = "kiota-1", SpaceToken = Check.SpaceToken, Status = "completed" }],
            request => request.Headers.Add("Org-Handle", Check.Handle));
        Check.That(push!.Data!.Rejected == 0, "pushTasks");

        Check.That((await client.Health.Live.GetAsync())!.Status == "live", "getLiveness");
        Check.That((await client.Health.Ready.GetAsync())!.Status == "ready", "getReadiness");

        try
        {
            await organisation.Analytics.GetAsync(request => request.Headers.Add("Org-Handle", "nobody.example"));
            Check.That(false, "an unknown organisation is an error");
        }
        catch (ErrorResponse error)
        {
            Check.That(error.Code == ErrorCode.Organization_not_found, "an error has its code");
        }

        Console.WriteLine("Kiota: every operation works");
    }

    private sealed class Token(string token) : IAccessTokenProvider
    {
        public AllowedHostsValidator AllowedHostsValidator { get; } = new();

        public Task<string> GetAuthorizationTokenAsync(
            Uri uri, Dictionary<string, object>? additionalAuthenticationContext, CancellationToken cancellationToken) =>
            Task.FromResult(token);
    }
}
