using System.Diagnostics;
using System.Net;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Faults;

/// <summary>Nobody reads the service's standard output, so that its pipe fills up.</summary>
internal sealed class BlockedOutputTests
{
    // Their lines exceed a pipe's 64 KB several times.
    private const int Requests = 600;

    private static readonly TimeSpan MaxResponseTime = TimeSpan.FromSeconds(10);

    [Test]
    [CancelAfter(60_000)]
    public async Task Full_pipe_delays_neither_requests_nor_the_end_of_the_process(CancellationToken cancellationToken)
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        using var service = new ServiceProcess(
            Directory.CreateDirectory(database.GetFilePath("service")), "Production",
            (SettingKeys.ConnectionString, database.Settings.ConnectionString), ("Jwt:SigningKeys:0", Tokens.SigningKey));
        using var client = new HttpClient { BaseAddress = await service.WaitForAddressAsync(), Timeout = MaxResponseTime };

        var statuses = new HashSet<HttpStatusCode>();
        for (var request = 0; request < Requests; request++)
        {
            using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            statuses.Add(response.StatusCode);
        }

        var push = PushRequest.Create(new NativeTask("audited"));
        var pushed = await RawHttp.SendAsync(client.BaseAddress, "POST", push.Target, push.AllHeaders, push.Body);
        Assert.That((statuses.Single(), pushed.Status), Is.EqualTo((HttpStatusCode.OK, 200)));

        var sinceSigterm = Stopwatch.StartNew();
        await service.SignalAsync("TERM");
        await service.WaitForExitUnreadAsync();
        Assert.That(sinceSigterm.Elapsed.TotalSeconds, Is.LessThan(20));
        Assert.That((await service.WaitForExitAsync()).ExitCode, Is.Zero);
    }

    [TestCase("head"), TestCase("full")]
    public async Task Command_whose_output_is_closed_or_full_records_what_it_did(string output)
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        var redirection = output == "head" ? "| true" : "> /dev/full";

        var result = await new CommandLine(database.Settings).RunInShellAsync(
            ["members", "add", "--organisation", Acme.Handle, "--user", "8"], redirection);

        Assert.That(result.StandardError, Does.Contain("Audit: member added").And.Contain("user 8, added 1"));
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((output == "head" ? 0 : 1, "")));
    }
}
