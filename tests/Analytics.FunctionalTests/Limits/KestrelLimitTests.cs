using System.Net.Sockets;
using System.Text;
using Analytics.Api.Hosting;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Analytics.FunctionalTests.Limits;

/// <summary>What the web server rejects before the pipeline.</summary>
internal sealed class KestrelLimitTests : AcmeFixture
{
    [Test]
    public async Task Oversized_request_line_returns_414()
    {
        var fits = await Service.SendAsync(new AnalyticsRequest { Query = $"x={new string('x', 8_000)}" });
        var line = await Service.SendAsync(new AnalyticsRequest { Query = $"x={new string('x', 8_192)}" });

        Assert.That((fits.Status, line.Status), Is.EqualTo((200, 414)));
    }

    [Test]
    public async Task Oversized_or_too_many_headers_return_431()
    {
        var large = await Service.SendAsync(
            new AnalyticsRequest { Headers = [.. Enumerable.Range(0, 5).Select(i => ($"X-Large-{i}", new string('x', 7_000)))] });
        var many = await Service.SendAsync(new AnalyticsRequest { Headers = [.. Enumerable.Range(0, 100).Select(i => ($"X-{i}", "x"))] });

        Assert.That((large.Status, many.Status), Is.EqualTo((431, 431)));
    }

    [Test]
    public async Task Idle_connections_outlive_those_of_load_balancers_unless_configured()
    {
        await using var configured = await AnalyticsService.StartAsync(("Kestrel:Limits:KeepAliveTimeout", "00:00:05"));

        Assert.That((GetLimits(Service).KeepAliveTimeout, GetLimits(configured).KeepAliveTimeout),
            Is.EqualTo((TimeSpan.FromSeconds(620), TimeSpan.FromSeconds(5))));
    }

    [TestCase("KeepAliveTimeout", "soon"), TestCase("KeepAliveTimeout", "-00:00:05"), TestCase("KeepAliveTime", "00:00:05")]
    public void Invalid_limit_stops_startup_with_a_sentence_naming_the_section(string name, string value) =>
        Assert.That(async () => await AnalyticsService.StartAsync(($"Kestrel:Limits:{name}", value)),
            Throws.TypeOf<ConfigurationException>().With.Message.StartWith("Kestrel:Limits has a limit that"));

    [TestCase(int.MaxValue, 10_000), TestCase(10_600, 10_000), TestCase(10_599, 9_999), TestCase(1_024, 424), TestCase(512, 16)]
    public void Connection_limit_leaves_files_for_everything_else(int limit, int connections) =>
        Assert.That(OpenFilesLimit.GetMaxConnections(limit, openFiles: 344, max: 10_000), Is.EqualTo(connections));

    [TestCase("1024                 524288", 1_024), TestCase("unlimited            unlimited", int.MaxValue)]
    public void Limit_of_open_files_is_read(string limits, int files) => Assert.That(
        OpenFilesLimit.Parse(["Limit                     Soft Limit           Hard Limit           Units",
            "Max processes             1                    1                    processes", $"Max open files            {limits}      files"]),
        Is.EqualTo(files));

    [Test]
    [CancelAfter(60_000)]
    public async Task Connections_beyond_the_limit_of_open_files_are_closed_and_the_service_stays_available(
        CancellationToken cancellationToken)
    {
        const int MaxOpenFiles = 512;
        using var service = ServiceProcess.StartWithMaxOpenFiles(MaxOpenFiles, Directory.GetParent(Service.DatabaseFile)!, "Production",
            ("ConnectionStrings:Analytics", Service.Database.ConnectionString), ("Jwt:SigningKeys:0", Tokens.SigningKey));
        var address = await service.WaitForAddressAsync();
        var clients = new List<TcpClient>();
        try
        {
            for (var connection = 0; connection < 2 * MaxOpenFiles; connection++)
            {
                clients.Add(new TcpClient());
                await clients[^1].ConnectAsync(address.Host, address.Port, cancellationToken);
            }

            Assert.That(await ReadUntilClosedAsync(clients[^1], cancellationToken), Is.Empty, "It is closed without a response");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Eventually.TrueAsync(async () => await IsAvailableAsync(address));
    }

    [Test]
    public void Accepted_connections_are_bounded() => Assert.That(
        Service.Services.GetServices<IConnectionListenerFactory>().Last(), Is.TypeOf<BoundedSocketTransport>(), "Kestrel uses the last");

    [Test]
    public async Task Service_watches_no_files()
    {
        using var service = new ServiceProcess(Directory.GetParent(Service.DatabaseFile)!, "Production",
            ("ConnectionStrings:Analytics", Service.Database.ConnectionString), ("Jwt:SigningKeys:0", Tokens.SigningKey));
        await service.ReadUntilAsync("Application started");

        Assert.That(service.GetOpenFiles(), Is.Not.Empty.And.None.Contains("inotify"));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Slow_request_headers_return_408(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Address.Host, Service.Address.Port, cancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "), cancellationToken);

        using var reader = new StreamReader(client.GetStream());
        Assert.That(await reader.ReadToEndAsync(cancellationToken), Does.StartWith("HTTP/1.1 408 "));
    }

    private static KestrelServerLimits GetLimits(AnalyticsService service) =>
        service.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

    private static async Task<string> ReadUntilClosedAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(client.GetStream());
        try
        {
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<bool> IsAvailableAsync(Uri address)
    {
        try
        {
            return (await RawHttp.SendAsync(address, "GET", "/health/ready", [])).Status == 200;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
