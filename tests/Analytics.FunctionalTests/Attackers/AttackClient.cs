using System.Net.Sockets;
using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>Sends an attacker's bytes. The server must respond, or close the connection, in bounded time.</summary>
internal static class AttackClient
{
    // Longer than the server waits for a missing body, on a busy machine.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan HangUpDelay = TimeSpan.FromMilliseconds(200);

    private static ReadOnlySpan<byte> EventTerminator => "\n\n"u8;

    /// <summary>
    /// The received bytes as characters: empty if the connection is reset; for a stream, which does not end, its first event.
    /// </summary>
    /// <param name="server">The address of the server.</param>
    /// <param name="bytes">The bytes to send.</param>
    /// <param name="hangUpIfNoResponse">Whether the client disconnects after a while without a response: an incomplete request gets
    /// none.</param>
    public static async Task<string> SendAsync(Uri server, ReadOnlyMemory<byte> bytes, bool hangUpIfNoResponse = false)
    {
        using var timeout = new CancellationTokenSource(ResponseTimeout);
        using var client = new TcpClient();
        var received = new MemoryStream();
        try
        {
            await client.ConnectAsync(server.Host, server.Port, timeout.Token);
            var readTask = ReadAsync(client.GetStream(), received, timeout.Token);
            await WriteAsync(client.GetStream(), bytes, timeout.Token);
            if (hangUpIfNoResponse && await Task.WhenAny(readTask, Task.Delay(HangUpDelay, timeout.Token)) != readTask)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await readTask;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No response and no disconnect in {ResponseTimeout.TotalSeconds} s, after {received.Length} bytes.");
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    // Sends one request to any route.
    public static async Task<Reply> SendAsync(this AnalyticsService service, Route route, AnalyticsRequest request)
    {
        var routedRequest = request with { Path = route.Path };
        IEnumerable<(string Name, string Value)> headers = [("Host", service.Address.Authority), ("Content-Length", $"{route.Body.Length}"),
            .. route.BodyHeaders, .. routedRequest.AllHeaders];
        var head = $"{route.Method} {routedRequest.Target} HTTP/1.0\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head), .. route.Body.Span];

        // The lease of a disconnected stream is released a little later.
        var startedAt = TimeProvider.System.GetTimestamp();
        Reply reply;
        do
        {
            reply = Reply.Parse(await SendAsync(service.Address, bytes));
        }
        while (route == Route.Stream && reply.Status == 429 && TimeProvider.System.GetElapsedTime(startedAt) < ResponseTimeout);

        return reply;
    }

    // A server that has responded may stop reading.
    private static async Task WriteAsync(NetworkStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
        }
    }

    private static async Task ReadAsync(NetworkStream stream, MemoryStream received, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (!ContainsEvent(received) && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                received.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
        }
    }

    private static bool ContainsEvent(MemoryStream received)
    {
        var text = received.GetBuffer().AsSpan(0, (int)received.Length);
        return text.IndexOf("Content-Type: text/event-stream"u8) >= 0 && text.IndexOf(EventTerminator) >= 0;
    }
}
