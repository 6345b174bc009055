using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>The numbers that the documentation shows, which the demo has.</summary>
internal sealed class DemoTests
{
    private const string Handle = "recalll.co";
    private const string Space = "F1O3QJM1Y7Q1AVVUYNV4VPRB";
    private const string DocumentedResponse =
        """{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":419,"interested":77,"call_back":13,"send_details":1,"not_interested":20,"not_connected":35,"failed":200,"avg_success_score":467},"call_status":{"total_tasks":419,"completed":302,"failed":109,"pending":2,"in_progress":1,"success_rate":72.08}}}""";

    private static ApiClient Api => Deployment.Api;

    [OneTimeSetUp]
    public void RequireDemo() => Deployment.RequireDemo();

    [Test]
    public async Task Documented_request_returns_the_documented_response()
    {
        var reply = await Api.SendAsync(new ContractRequest($"space_token={Space}")
        {
            Handle = Handle,
            Headers = [("accept", "application/json"), ("Product-Id", "unpod.dev")],
        });

        Assert.That((reply.Status, reply.Text), Is.EqualTo((200, DocumentedResponse)),
            reply.Explain("The documented request returns the documented response."));
    }

    [Test]
    public async Task List_behind_the_documented_interested_calls_has_77_tasks()
    {
        var reply = await Api.SendAsync(new ContractRequest($"space_token={Space}&outcome=interested&include=total", Routes.Tasks)
        {
            Handle = Handle,
        });

        Assert.That((reply.Data.GetProperty("total").GetInt32(), reply.Data.GetProperty("tasks").GetArrayLength()), Is.EqualTo((77, 77)),
            reply.Explain("The list behind interested: 77 has 77 tasks."));
    }
}
