using System.Net;
using System.Net.Sockets;
using Analytics.Api.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Analytics.FunctionalTests.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BoundedSocketTransportTests
{
    private const int MaxConnections = 16;
    private static readonly int MaxAccepted = OpenFilesLimit.GetMaxAccepted(MaxConnections);

    private readonly List<TcpClient> _clients = [];
    private readonly List<ConnectionContext> _connections = [];
    private BoundedSocketTransport _transport;
    private IConnectionListener _listener;

    [SetUp]
    public async Task SetUpListenerWithEveryConnectionAcceptedAsync()
    {
        var options = Options.Create(new KestrelServerOptions { Limits = { MaxConcurrentConnections = MaxConnections } });
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _transport = new BoundedSocketTransport(sockets, options);
        _listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        for (var connection = 0; connection < MaxAccepted; connection++)
        {
            await ConnectAsync();
            _connections.Add((await _listener.AcceptAsync())!);
        }
    }

    [TearDown]
    public async Task TearDownListenerAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await _listener.DisposeAsync();
        _transport.Dispose();
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Connection_beyond_the_bound_is_accepted_once_another_is_closed(CancellationToken cancellationToken)
    {
        await ConnectAsync();
        var accepting = _listener.AcceptAsync(cancellationToken).AsTask();
        Assert.That(accepting.IsCompleted, Is.False);

        await _connections[0].DisposeAsync();
        _connections[0] = (await accepting.WaitAsync(cancellationToken))!;

        Assert.That(_connections[0], Is.Not.Null);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Listener_that_waits_for_a_connection_to_close_stops(CancellationToken cancellationToken)
    {
        var accepting = _listener.AcceptAsync(cancellationToken).AsTask();
        await _listener.UnbindAsync(cancellationToken);

        Assert.That(await accepting.WaitAsync(cancellationToken), Is.Null);
    }

    private async Task ConnectAsync()
    {
        _clients.Add(new TcpClient());
        await _clients[^1].ConnectAsync((IPEndPoint)_listener.EndPoint);
    }
}
