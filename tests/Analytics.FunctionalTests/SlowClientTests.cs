using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Analytics.Api.RateLimiting;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>The stream of a client that does not read it is closed; a client may read an export slowly.</summary>
internal sealed partial class SlowClientTests
{
    private const int SmallBuffer = 1024;
    private const int TaskCount = 20_000;

    [Test]
    public async Task Stream_client_that_does_not_read_is_disconnected()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service =
            await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services => UseSmallBuffers(services).AddSingleton<TimeProvider>(clock));
        var limiter = service.Services.GetRequiredService<StreamConcurrencyLimiter>();
        using var slow = await OpenStreamWithoutReadingAsync(service.Address);
        var leases =
            Enumerable.Range(0, StreamConcurrencyLimiter.MaxPerUser).Select(_ => limiter.AcquireForUser(Acme.MemberUserId)).ToList();
        Assert.That(leases.Count(lease => lease.IsAcquired), Is.EqualTo(StreamConcurrencyLimiter.MaxPerUser - 1),
            "The slow client holds the last permit.");

        var isDisconnected = false;
        for (var taskNumber = 0; taskNumber < 300 && !isDisconnected; taskNumber++)
        {
            await service.AddSalesTasksAsync(new NativeTask($"{taskNumber}"));
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            isDisconnected = limiter.AcquireForUser(Acme.MemberUserId).IsAcquired;
        }

        Assert.That(isDisconnected);
    }

    [Test]
    public async Task Download_may_take_longer_than_the_request_timeout()
    {
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite,
            services =>
            {
                ObservedDataSource.Install(services);
                UseSmallBuffers(services);
            },
            ("Timeouts:RequestSeconds", "1"));
        await service.AddSalesTasksAsync(Enumerable.Range(1, TaskCount).Select(number => new NativeTask($"{number}")));
        using var slow = await SendWithoutReadingAsync(service.Address, $"{TaskListRequests.Path}?format=csv");

        var databaseOpening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ((ObservedDataSource)service.Services.GetRequiredService<DbDataSource>()).BeforeOpen = databaseOpening.Task;
        Assert.That((await service.SendAsync()).Status, Is.EqualTo(503), "The timeout has passed");

        databaseOpening.SetResult();
        using var reader = new StreamReader(new NetworkStream(slow));
        var file = await reader.ReadToEndAsync();
        Assert.That(CountRows(file), Is.EqualTo(TaskCount + 1));
        Assert.That(file, Does.EndWith("0\r\n\r\n"), "The file is complete");
    }

    [TestCaseSource(typeof(TestEngines), nameof(TestEngines.Configured))]
    public async Task Slow_download_holds_neither_permit_nor_snapshot_nor_a_named_file(DatabaseEngine engine)
    {
        var folder = Directory.CreateTempSubdirectory();
        await using var service =
            await StartWithTasksAsync(engine, services => UseSmallBuffers(services), ("Exports:SpoolFolder", folder.FullName));
        using var slow = await SendWithoutReadingAsync(service.Address, $"{TaskListRequests.Path}?format=csv");

        await Eventually.TrueAsync(() => CanExport(service));
        var openSnapshots = await service.ExecuteScalarAsync(engine == DatabaseEngine.Sqlite
            ? "PRAGMA wal_checkpoint(TRUNCATE)"
            : "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%tasks t%' AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()");
        var files = folder.GetFiles().Length;

        using var reader = new StreamReader(new NetworkStream(slow));
        var file = await reader.ReadToEndAsync();
        folder.Delete(recursive: true);
        Assert.That((openSnapshots, files), Is.EqualTo((0, 0)));
        Assert.That(CountRows(file), Is.EqualTo(TaskCount + 1));
    }

    [Test]
    public async Task Download_is_aborted_when_its_time_is_over()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await StartWithTasksAsync(
            DatabaseEngine.Sqlite, services => UseSmallBuffers(services).AddSingleton<TimeProvider>(clock));
        using var slow = await SendWithoutReadingAsync(service.Address, $"{TaskListRequests.Path}?format=csv");
        await Eventually.TrueAsync(() => CanExport(service));

        clock.Advance(TimeSpan.FromMinutes(31));

        using var reader = new StreamReader(new NetworkStream(slow));
        Assert.That(() => reader.ReadToEndAsync(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Export_beyond_the_spool_limit_is_aborted_and_its_bytes_are_released()
    {
        await using var service = await StartWithTasksAsync(DatabaseEngine.Sqlite, _ => { }, ("Exports:MaxSpoolBytes", "1000000"));
        using var client = service.CreateClient();

        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{TaskListRequests.Path}?format=csv");
            request.Headers.TryAddWithoutValidation("Authorization", Tokens.CreateAuthorization(Acme.MemberUserId));
            request.Headers.Add("Org-Handle", Acme.Handle);
            Assert.That(() => client.SendAsync(request), Throws.InstanceOf<HttpRequestException>());
            await Eventually.TrueAsync(() => CanExport(service));
        }

        Assert.That((await service.ListTasksAsync("agent=none&format=csv")).Status, Is.EqualTo(200));
    }

    private static int CountRows(string response) =>
        ChunkBoundary().Replace(response, "").Split('\n').Count(line => line.Contains(",SALES,", StringComparison.Ordinal));

    // No row consists of hexadecimal digits only.
    [GeneratedRegex("\r\n[0-9a-fA-F]+\r\n", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ChunkBoundary();

    private static async Task<AnalyticsService> StartWithTasksAsync(
        DatabaseEngine engine, Action<IServiceCollection> replaceServices, params (string, string?)[] settings)
    {
        var service = await Acme.StartServiceAsync(engine, replaceServices, settings);
        await service.AddSalesTasksAsync(Enumerable.Range(1, TaskCount).Select(number => new NativeTask($"{number}")));
        return service;
    }

    private static bool CanExport(AnalyticsService service)
    {
        try
        {
            service.Services.GetRequiredService<ExportConcurrencyLimiter>().Acquire(Acme.Id).Dispose();
            return true;
        }
        catch (ExportInProgressException)
        {
            return false;
        }
    }

    private static IServiceCollection UseSmallBuffers(IServiceCollection services) => services
        .Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxResponseBufferSize = SmallBuffer;

            // Our own rule: the web server would wait.
            kestrel.Limits.MinResponseDataRate = null;
        })
        .Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = SmallBuffer;
            return socket;
        });

    private static Task<Socket> OpenStreamWithoutReadingAsync(Uri server) =>
        SendWithoutReadingAsync(server, $"{EventStream.Path}?include=reconciliation,components,meta");

    private static async Task<Socket> SendWithoutReadingAsync(Uri server, string target)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = SmallBuffer };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        var headers = new AnalyticsRequest().AllHeaders.Select(header => $"{header.Name}: {header.Value}\r\n");
        await socket.SendAsync(Encoding.ASCII
            .GetBytes($"GET {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n{string.Concat(headers)}\r\n"));
        await socket.ReceiveAsync(new byte[1]);
        return socket;
    }
}
