using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Graceful shutdown of the service as a process.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class GracefulShutdownTests
{
    private DirectoryInfo _folder = null!;
    private AnalyticsService _acme = null!;

    // A file that no process holds open, so that it can be locked.
    [SetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("analytics-stopping-");
        _acme = await Acme.StartServiceAsync(
            (SettingKeys.ConnectionString, $"Data Source={AnalyticsService.DatabaseFilePlaceholder};Pooling=False"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _acme.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [TestCase("TERM"), TestCase("HUP")]
    [CancelAfter(60_000)]
    public async Task Signal_fails_readiness_drains_and_completes_in_flight_requests(string signal, CancellationToken cancellationToken)
    {
        using var service = Start(("Timeouts:CommandSeconds", "30"), ("Timeouts:RequestSeconds", "60"));
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Application started"));
        var ready = await RawHttp.SendAsync(address, "GET", "/health/ready", []);
        using var stream = await EventStream.OpenAsync(address);
        await stream.ReadNextEventAsync();

        var (slow, pushing) = (Task.FromResult(ready), Task.FromResult(ready));
        await using (var other = new SqliteConnection($"Data Source={_acme.DatabaseFile};Pooling=False"))
        {
            await other.OpenAsync(cancellationToken);
            await other.ExecuteAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
            slow = SendAsync(address, AnalyticsRequest.AnalyticsPath);
            var push = PushRequest.Create(new NativeTask("in flight"));
            pushing = RawHttp.SendAsync(address, "POST", push.Target, push.AllHeaders, push.Body);

            await service.SignalAsync(signal);
            await service.ReadUntilAsync("Application is shutting down");
            var stopping = await RawHttp.SendAsync(address, "GET", "/health/ready", []);
            var ordinary = await SendAsync(address, $"{AnalyticsRequest.AnalyticsPath}definitions/");
            var live = await RawHttp.SendAsync(address, "GET", "/health/live", []);

            using (Assert.EnterMultipleScope())
            {
                Assert.That((ready.Status, stopping.Status, stopping.Message, stopping["Retry-After"]),
                    Is.EqualTo((200, 503, "Service temporarily unavailable.", "1")));
                Assert.That((ordinary.Status, live.Status), Is.EqualTo((200, 200)));
                Assert.That(await stream.ReadNextEventAsync(), Is.Null, "Streams are closed");
            }

            await WaitUntilClosedAsync(address, cancellationToken);
            Assert.That((slow.IsCompleted, pushing.IsCompleted), Is.EqualTo((false, false)));
        }

        Assert.That(((await slow).Status, (await pushing).Status), Is.EqualTo((200, 200)), "In-flight requests complete");
        Assert.That((await service.WaitForExitAsync()).ExitCode, Is.Zero);
        Assert.That(ResponseRows.GetTotalTasks(await _acme.SendAsync()), Is.EqualTo(2));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Shutdown_is_bounded_by_timeout(CancellationToken cancellationToken)
    {
        using var service = Start(("Timeouts:CommandSeconds", "600"), ("Timeouts:RequestSeconds", "600"));
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Application started"));
        await using var other = new SqliteConnection($"Data Source={_acme.DatabaseFile};Pooling=False");
        await other.OpenAsync(cancellationToken);
        await other.ExecuteAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
        _ = SendAsync(address, AnalyticsRequest.AnalyticsPath);

        var sinceSigterm = Stopwatch.StartNew();
        await service.TerminateAsync();
        await service.WaitForExitAsync();

        Assert.That(sinceSigterm.Elapsed.TotalSeconds, Is.InRange(15, 25),
            "The documented maximum is 20 s: the rest allows for a busy machine");
    }

    // Traces, metrics and logs are flushed one after the other, within a time that in-flight requests and the drain need too.
    [Test]
    [CancelAfter(60_000)]
    public async Task Unresponsive_collector_delays_shutdown_by_seconds_only()
    {
        using var unresponsiveCollector = new TcpListener(IPAddress.Loopback, 0);
        unresponsiveCollector.Start();
        using var service = Start(("Shutdown:DrainSeconds", "0"), ("OTEL_EXPORTER_OTLP_ENDPOINT",
            $"http://{unresponsiveCollector.LocalEndpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Application started"));
        await SendAsync(address, AnalyticsRequest.AnalyticsPath);

        var sinceSigterm = Stopwatch.StartNew();
        await service.TerminateAsync();
        var end = await service.WaitForExitAsync();

        Assert.That((end.ExitCode, unresponsiveCollector.Pending()), Is.EqualTo((0, true)), end.Error);
        Assert.That(sinceSigterm.Elapsed, Is.LessThan(TimeSpan.FromSeconds(8)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Systemd_is_told_when_the_service_is_ready_and_when_it_stops(CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        using var service = Start(("NOTIFY_SOCKET", path), ("Shutdown:DrainSeconds", "0"));

        var ready = await ReceiveAsync(systemd, cancellationToken);
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Application started"));
        var reply = await RawHttp.SendAsync(address, "GET", "/health/ready", []);
        await service.TerminateAsync();
        var stopping = await ReceiveAsync(systemd, cancellationToken);

        Assert.That((ready, reply.Status, stopping), Is.EqualTo(("READY=1", 200, "STOPPING=1")));
        Assert.That((await service.WaitForExitAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Missing_systemd_socket_does_not_stop_startup()
    {
        using var service = Start(("NOTIFY_SOCKET", Path.Combine(_folder.FullName, "nowhere")));

        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Application started"));

        Assert.That((await RawHttp.SendAsync(address, "GET", "/health/ready", [])).Status, Is.EqualTo(200));
    }

    private ServiceProcess Start(params IEnumerable<(string Key, string Value)> settings) =>
        new(_folder, "Production", [(SettingKeys.ConnectionString, $"Data Source={_acme.DatabaseFile};Pooling=False"),
            ("Jwt:SigningKeys:0", Tokens.SigningKey), .. settings]);

    private static async Task<string> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellationToken)).TrimEnd('\n');
    }

    private static Task<Reply> SendAsync(Uri address, string path) =>
        RawHttp.SendAsync(address, "GET", path, new AnalyticsRequest().AllHeaders);

    private static async Task WaitUntilClosedAsync(Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
