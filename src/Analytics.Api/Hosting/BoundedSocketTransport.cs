using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Analytics.Api.Hosting;

/// <summary>
/// Kestrel's sockets with a bound on accepted connections. Kestrel also accepts those that its limit rejects, in a burst faster than
/// it closes them: without the bound they reach the limit of open files. Clients beyond the bound wait in the socket's backlog.
/// </summary>
internal sealed class BoundedSocketTransport(SocketTransportFactory sockets, IOptions<KestrelServerOptions> options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly SemaphoreSlim _permits = new(OpenFilesLimit.GetMaxAccepted(options.Value.Limits.MaxConcurrentConnections));

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), _permits);

    public void Dispose() => _permits.Dispose();

    private sealed class Listener(IConnectionListener listener, SemaphoreSlim permits) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await permits.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            ConnectionContext? connection = null;
            try
            {
                connection = await listener.AcceptAsync(cancellationToken);
                return connection is null ? null : new Connection(connection, permits);
            }
            finally
            {
                if (connection is null)
                {
                    permits.Release();
                }
            }
        }

        // Kestrel waits for the accept loop before it closes the connections whose permits the loop may be waiting for.
        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await listener.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return listener.DisposeAsync();
        }
    }

    // Kestrel disposes a connection once. Its socket is closed then.
    private sealed class Connection(ConnectionContext connection, SemaphoreSlim permits) : ConnectionContext
    {
        public override string ConnectionId
        {
            get => connection.ConnectionId;
            set => connection.ConnectionId = value;
        }

        public override IFeatureCollection Features => connection.Features;

        public override IDictionary<object, object?> Items
        {
            get => connection.Items;
            set => connection.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => connection.Transport;
            set => connection.Transport = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => connection.ConnectionClosed;
            set => connection.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => connection.LocalEndPoint;
            set => connection.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => connection.RemoteEndPoint;
            set => connection.RemoteEndPoint = value;
        }

        public override void Abort() => connection.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await connection.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                permits.Release();
            }
        }
    }
}
