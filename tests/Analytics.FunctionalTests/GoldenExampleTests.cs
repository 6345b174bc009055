using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>The documented request gets the documented response, byte for byte.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class GoldenExampleTests(DatabaseEngine engine)
{
    private const string DocumentedResponse =
        """{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":419,"interested":77,"call_back":13,"send_details":1,"not_interested":20,"not_connected":35,"failed":200,"avg_success_score":467},"call_status":{"total_tasks":419,"completed":302,"failed":109,"pending":2,"in_progress":1,"success_rate":72.08}}}""";

    [Test]
    public async Task Documented_request_returns_the_documented_response()
    {
        await using var service = await AnalyticsService.StartWithDemoAsync(engine);
        var reply = await service.SendAsync(new AnalyticsRequest
        {
            Handle = "recalll.co",
            Product = "unpod.dev",
            SpaceToken = "F1O3QJM1Y7Q1AVVUYNV4VPRB",
            Authorization = Tokens.CreateAuthorization(DemoData.UserId),
            Headers = [("accept", "application/json")],
        });

        Assert.That(reply.Body, Is.EqualTo(DocumentedResponse));
    }
}
