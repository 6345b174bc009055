using System.Text.RegularExpressions;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>The documented request and its response, whatever the data.</summary>
internal sealed partial class DocumentedResponseTests
{
    private const string Zeros =
        """{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":0,"interested":0,"call_back":0,"send_details":0,"not_interested":0,"not_connected":0,"failed":0,"avg_success_score":0},"call_status":{"total_tasks":0,"completed":0,"failed":0,"pending":0,"in_progress":0,"success_rate":0}}}""";

    private const string Pattern =
        """^\{"status_code":200,"message":"Analytics fetched successfully","data":\{"call_analytics":\{"total_calls":\d+,"interested":\d+,"call_back":\d+,"send_details":\d+,"not_interested":\d+,"not_connected":\d+,"failed":\d+,"avg_success_score":\d+(\.\d?[1-9])?\},"call_status":\{"total_tasks":\d+,"completed":\d+,"failed":\d+,"pending":\d+,"in_progress":\d+,"success_rate":\d+(\.\d?[1-9])?\}\}\}$""";

    private static ApiClient Api => Deployment.Api;

    [Test]
    public async Task Response_has_exactly_the_documented_fields_in_their_order_and_format()
    {
        var reply = await Api.GetAsync();

        Assert.That(reply.Text, Does.Match(ResponsePattern()), reply.Explain(
            "Without further parameters the response has the documented keys in their order; counts are integers, and ratios have at most "
                +
            "two decimals and no trailing zeros."));
    }

    [Test]
    public async Task Path_without_final_slash_returns_the_same_response()
    {
        var (with, without) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync(), await Api.GetAsync(path: Routes.Analytics.TrimEnd('/'))));

        Assert.That((without.Text, without["ETag"]), Is.EqualTo((with.Text, with["ETag"])),
            with.Explain("The path works with and without its final slash.", without));
    }

    [TestCase("jwt"), TestCase("JWT"), TestCase("Bearer"), TestCase("bearer")]
    public async Task Scheme_of_the_token_is_accepted(string scheme)
    {
        var reply = await Api.SendAsync(new ContractRequest { Authorization = $"{scheme} {Deployment.Token}" });

        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("Authorization is jwt or Bearer in any case, a space and the token."));
    }

    [Test]
    public async Task Handle_in_capitals_is_the_same_organisation()
    {
        var (lower, upper) = await Deployment.ReadAtOneVersionAsync(async () => (await Api.GetAsync(), await Api.SendAsync(
            new ContractRequest { Handle = Deployment.Handle.ToUpperInvariant() })));

        Assert.That((upper.Status, upper["ETag"]), Is.EqualTo((200, lower["ETag"])),
            lower.Explain("Org-Handle is compared without case.", upper));
    }

    [Test]
    public async Task Blank_parameters_and_the_default_product_change_nothing()
    {
        var (plain, blank) = await Deployment.ReadAtOneVersionAsync(async () => (await Api.GetAsync(), await Api.SendAsync(
            new ContractRequest("space_token=&date_range=&interval=&compare=") { Headers = [("Product-Id", "unpod.dev")] })));

        Assert.That((blank.Status, blank.Text, blank["ETag"]), Is.EqualTo((200, plain.Text, plain["ETag"])),
            plain.Explain("Product-Id is unpod.dev unless given, and a blank parameter is absent.", blank));
    }

    [Test]
    public async Task Unknown_product_returns_zeros()
    {
        var reply = await Api.SendAsync(new ContractRequest { Headers = [("Product-Id", "contract-tests.no-such-product")] });

        Assert.That((reply.Status, reply.Text), Is.EqualTo((200, Zeros)),
            reply.Explain("No data is zeros with 200, never null and no error."));
    }

    [Test]
    public async Task Space_token_selects_the_row_of_its_space()
    {
        var (groups, spaces) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var groups = await Api.GetAsync("group_by=space&limit=3");
            var tokens = groups.Data.GetProperty("groups").EnumerateArray().Where(group => group.TryGetProperty("space_token", out _));
            var spaces = new List<Reply>();
            foreach (var token in tokens)
            {
                spaces.Add(await Api.GetAsync($"space_token={token.GetProperty("space_token")}"));
            }

            return (groups, spaces);
        });

        foreach (var (group, space) in groups.Data.GetProperty("groups").EnumerateArray().Zip(spaces))
        {
            Assert.That(Counts.Of(space.Data), Is.EqualTo(Counts.Of(group)),
                groups.Explain("With space_token the report is that of the space's group.", space));
        }
    }

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ResponsePattern();
}
