using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>HTTP as bytes: unlike HttpClient, it can send a header twice or beyond ASCII, and returns headers as received.</summary>
internal static class RawHttp
{
    // HTTP/1.0, because its response ends with the connection. Headers are sent as Latin-1.
    public static async Task<Reply> SendAsync(
        Uri server, string method, string target, IEnumerable<(string Name, string Value)> headers, ReadOnlyMemory<byte> body = default)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(FormatHead(server, method, target, headers, body.Length));
        await stream.WriteAsync(body);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Reply.Parse(await reader.ReadToEndAsync());
    }

    // Sends a part of a body, and disconnects before the response.
    public static async Task SendAndDisconnectAsync(Uri server, string method, string target,
        IEnumerable<(string Name, string Value)> headers, ReadOnlyMemory<byte> body, int sentBytes, TimeSpan delay)
    {
        using var client = new TcpClient { LingerState = new LingerOption(enable: true, seconds: 0) };
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(FormatHead(server, method, target, headers, body.Length));
        await client.GetStream().WriteAsync(body[..sentBytes]);
        await Task.Delay(delay);
    }

    private static byte[] FormatHead(Uri server, string method, string target, IEnumerable<(string Name, string Value)> headers, int length)
    {
        var lines = headers.Select(header => $"{header.Name}: {header.Value}\r\n");
        return Encoding.Latin1
            .GetBytes($"{method} {target} HTTP/1.0\r\nHost: {server.Authority}\r\nContent-Length: {length}\r\n{string.Concat(lines)}\r\n");
    }
}

/// <summary>One response as received.</summary>
internal sealed record Reply(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Message => (string)Json["message"]!;

    // The header's lines, as one text; null if there is none.
    public string? this[string name] => GetValues(name) is { Count: > 0 } lines ? string.Join(", ", lines) : null;

    // The headers that two responses to the same request share.
    public IEnumerable<(string Name, string Value)> StableHeaders => Headers.Where(header => header.Name is not ("Date" or "X-Request-Id"));

    public IReadOnlyList<string> GetValues(string name) =>
        [.. Headers.Where(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    public static Reply Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new EndOfStreamException("The connection was closed without a response");
        }

        var head = text[..end].Split("\r\n");
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).Select(nameAndValue => (nameAndValue[0], nameAndValue[1]));
        return new Reply(
            int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), [.. headers], text[(end + 4)..]);
    }
}
