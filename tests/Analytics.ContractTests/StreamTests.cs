using System.Text;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>The live stream: its first event, and its errors.</summary>
internal sealed class StreamTests
{
    private static ApiClient Api => Deployment.Api;

    [TestCase(""), TestCase("date_range=28d&interval=day&group_by=agent&compare=previous_period&include=components")]
    public async Task First_event_is_the_report_and_its_ETag(string query)
    {
        var (report, stream) =
            await Deployment.ReadAtOneVersionAsync(async () => (await Api.GetAsync(query), await ReadFirstEventAsync(query)));

        Assert.That(stream.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EquivalentTo([$"data: {report.Text}", $"id: {report["ETag"]}"]),
            report.Explain("The first event comes at once: its data is the report, its id the report's ETag.", stream));
    }

    [TestCase("date_range=2d", "date_range"), TestCase("format=csv", "format"), TestCase("space_token=-", "space_token")]
    public async Task Invalid_parameter_is_rejected_by_name(string query, string parameter)
    {
        var reply = await Api.SendAsync(new ContractRequest(query, Routes.Stream));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("The stream takes the parameters of a report, as JSON only."));
        Assert.That(reply.Json.GetProperty("errors").TryGetProperty(parameter, out _), Is.True,
            reply.Explain($"The error names {parameter}."));
    }

    // Up to the first blank line that follows an event; comments are left out.
    private static async Task<Reply> ReadFirstEventAsync(string query)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var request = new ContractRequest(query, Routes.Stream);
        using var response = await Api.OpenAsync(request);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(timeout.Token));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(timeout.Token) is { } line && (line.Length > 0 || lines.Count == 0))
        {
            if (line.Length > 0 && line[0] != ':')
            {
                lines.Add($"{line}\n");
            }
        }

        var reply = new Reply(request, response, Encoding.UTF8.GetBytes(string.Concat(lines)));
        Api.Check(reply);
        return reply;
    }
}
