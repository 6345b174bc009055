using System.Net.Http.Headers;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The documented request gives the documented answer, byte for byte.</summary>
internal sealed class GoldenExampleTests
{
    private const string DocumentedAnswer =
        """{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":419,"interested":77,"call_back":13,"send_details":1,"not_interested":20,"not_connected":35,"failed":200,"avg_success_score":467},"call_status":{"total_tasks":419,"completed":302,"failed":109,"pending":2,"in_progress":1,"success_rate":72.08}}}""";

    [Test]
    public async Task TheDocumentedRequestGivesTheDocumentedAnswer()
    {
        await using var service = await AnalyticsService.StartWithDemoAsync();
        using var client = service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v2/platform/organisation/analytics/?space_token=F1O3QJM1Y7Q1AVVUYNV4VPRB");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("Org-Handle", "recalll.co");
        request.Headers.Add("Product-Id", "unpod.dev");
        request.Headers.Add("Authorization", $"jwt {Tokens.For(long.Parse(DemoData.UserId, System.Globalization.CultureInfo.InvariantCulture))}");

        using var response = await client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(DocumentedAnswer));
    }
}
