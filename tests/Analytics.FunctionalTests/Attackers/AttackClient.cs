using System.Net.Sockets;
using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>Bytes as an attacker sends them. Whatever they are, an answer or the end of the connection comes in bounded time.</summary>
internal static class AttackClient
{
    /// <summary>More than the server gives a body that does not come, on a machine that does other things too.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan HangUpDelay = TimeSpan.FromMilliseconds(200);

    private static ReadOnlySpan<byte> EventTerminator => "\n\n"u8;

    /// <summary>Everything that comes back, a byte a character: nothing where the connection is cut, and the first event of a stream, which has no end.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="hangUpIfNoResponse">Whether the sender hangs up when no answer has come for a while: bytes that ask for more get none.</param>
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
            Assert.Fail($"Neither an answer nor an end in {ResponseTimeout.TotalSeconds} s, after {received.Length} bytes.");
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    /// <summary>One question by any route.</summary>
    public static async Task<Reply> SendAsync(this AnalyticsService service, Route route, AnalyticsRequest request)
    {
        var routedRequest = request with { Path = route.Path };
        IEnumerable<(string Name, string Value)> headers = [("Host", service.Address.Authority), ("Content-Length", $"{route.Body.Length}"), .. route.BodyHeaders, .. routedRequest.AllHeaders];
        var head = $"{route.Method} {routedRequest.Target} HTTP/1.0\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head), .. route.Body.Span];

        // Who hangs up on a stream has its place back a little later.
        var startedAt = TimeProvider.System.GetTimestamp();
        Reply reply;
        do
        {
            reply = Reply.Parse(await SendAsync(service.Address, bytes));
        }
        while (route == Route.Stream && reply.Status == 429 && TimeProvider.System.GetElapsedTime(startedAt) < ResponseTimeout);

        return reply;
    }

    /// <summary>Who has answered already reads no further.</summary>
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
