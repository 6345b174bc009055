using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Analytics.Api.RateLimiting;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>The stream of a client that does not read it is closed; a client may read an export slowly.</summary>
internal sealed class SlowClientTests
{
    private const int SmallBuffer = 1024;

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
        const int taskCount = 20_000;
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite,
            services =>
            {
                ObservedDataSource.Install(services);
                UseSmallBuffers(services);
            },
            ("Timeouts:RequestSeconds", "1"));
        await service.AddSalesTasksAsync(Enumerable.Range(1, taskCount).Select(number => new NativeTask($"{number}")));
        using var slow = await SendWithoutReadingAsync(service.Address, $"{TaskListRequests.Path}?format=csv");

        var databaseOpening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ((ObservedDataSource)service.Services.GetRequiredService<DbDataSource>()).BeforeOpen = databaseOpening.Task;
        Assert.That((await service.SendAsync()).Status, Is.EqualTo(503), "The timeout has passed");

        databaseOpening.SetResult();
        using var reader = new StreamReader(new NetworkStream(slow));
        var file = await reader.ReadToEndAsync();
        Assert.That(file.Split('\n').Count(line => line.Contains(",SALES,", StringComparison.Ordinal)), Is.EqualTo(taskCount + 1));
        Assert.That(file, Does.EndWith("0\r\n\r\n"), "The file is complete");
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
