using System.Net.Sockets;
using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>Bytes as an attacker sends them. Whatever they are, an answer or the end of the connection comes in bounded time.</summary>
internal static class Attack
{
    /// <summary>More than the server gives a body that does not come, on a machine that does other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static ReadOnlySpan<byte> EndOfEvent => "\n\n"u8;

    /// <summary>Everything that comes back, a byte a character: nothing where the connection is cut, and the first event of a stream, which has no end.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="thenEnds">Whether the sender hangs up when no answer has come for a while: bytes that ask for more get none.</param>
    public static async Task<string> SendAsync(Uri server, ReadOnlyMemory<byte> bytes, bool thenEnds = false)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        var received = new MemoryStream();
        try
        {
            await client.ConnectAsync(server.Host, server.Port, giveUp.Token);
            var reading = ReadAsync(client.GetStream(), received, giveUp.Token);
            await WriteAsync(client.GetStream(), bytes, giveUp.Token);
            if (thenEnds && await Task.WhenAny(reading, Task.Delay(Pause, giveUp.Token)) != reading)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await reading;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Neither an answer nor an end in {Patience.TotalSeconds} s, after {received.Length} bytes.");
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    /// <summary>One question by any route.</summary>
    public static async Task<Reply> AskAsync(this AnalyticsService service, Route route, Question question)
    {
        var asked = question with { Path = route.Path };
        IEnumerable<(string Name, string Value)> headers = [("Host", service.Address.Authority), ("Content-Length", $"{route.Body.Length}"), .. route.BodyHeaders, .. asked.AllHeaders];
        var head = $"{route.Method} {asked.Target} HTTP/1.0\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head), .. route.Body.Span];

        // Who hangs up on a stream has its place back a little later.
        var since = TimeProvider.System.GetTimestamp();
        Reply reply;
        do
        {
            reply = Reply.Parse(await SendAsync(service.Address, bytes));
        }
        while (route == Route.Stream && reply.Status == 429 && TimeProvider.System.GetElapsedTime(since) < Patience);

        return reply;
    }

    /// <summary>Who has answered already reads no further.</summary>
    private static async Task WriteAsync(NetworkStream stream, ReadOnlyMemory<byte> bytes, CancellationToken giveUp)
    {
        try
        {
            await stream.WriteAsync(bytes, giveUp);
        }
        catch (IOException)
        {
        }
    }

    private static async Task ReadAsync(NetworkStream stream, MemoryStream received, CancellationToken giveUp)
    {
        var chunk = new byte[16 * 1024];
        try
        {
            while (!HasEvent(received) && await stream.ReadAsync(chunk, giveUp) is > 0 and var read)
            {
                received.Write(chunk, 0, read);
            }
        }
        catch (IOException)
        {
        }
    }

    private static bool HasEvent(MemoryStream received)
    {
        var text = received.GetBuffer().AsSpan(0, (int)received.Length);
        return text.IndexOf("Content-Type: text/event-stream"u8) >= 0 && text.IndexOf(EndOfEvent) >= 0;
    }
}
