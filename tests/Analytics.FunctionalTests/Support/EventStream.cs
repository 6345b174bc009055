using System.Net.Http.Headers;

namespace Analytics.FunctionalTests.Support;

/// <summary>One event as received; a comment has no part.</summary>
internal sealed record ServerSentEvent(string? Id, string? Data, string? Type = null)
{
    public static readonly ServerSentEvent Comment = new(null, null);

    public static ServerSentEvent Parse(IReadOnlyList<string> lines) => new(
        GetField(lines, "id: "), GetField(lines, "data: "), GetField(lines, "event: "));

    private static string? GetField(IEnumerable<string> lines, string start) =>
        lines.SingleOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
}

/// <summary>The analytics stream of Acme, read by its member by default.</summary>
internal sealed class EventStream : IDisposable
{
    public const string Path = $"{AnalyticsRequest.AnalyticsPath}stream/";

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(20);
    private static readonly HttpClient Client = new() { Timeout = ReadTimeout };

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    public int Status => (int)_response.StatusCode;

    // The headers of the response and of its body.
    public string? this[string name] => GetHeaderValue(_response.Headers, name) ?? GetHeaderValue(_response.Content.Headers, name);

    public static async Task<EventStream> OpenAsync(Uri server, AnalyticsRequest? request = null)
    {
        request ??= new AnalyticsRequest();
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(server, (request with { Path = Path }).Target));
        foreach (var (name, value) in request.AllHeaders)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var encoding = GetHeaderValue(response.Content.Headers, "Content-Encoding");
        return new EventStream(response, Encoded.Decompress(await response.Content.ReadAsStreamAsync(), encoding));
    }

    // The next event or comment; null if the stream has ended properly.
    public async Task<ServerSentEvent?> ReadNextAsync()
    {
        using var timeout = new CancellationTokenSource(ReadTimeout);
        return await ReadNextAsync(timeout.Token);
    }

    // The next event; null if the stream ends without one.
    public async Task<ServerSentEvent?> ReadNextEventAsync()
    {
        using var timeout = new CancellationTokenSource(ReadTimeout);
        ServerSentEvent? next;
        do
        {
            next = await ReadNextAsync(timeout.Token);
        }
        while (next == ServerSentEvent.Comment);

        return next;
    }

    // The whole body of a response that is not a stream.
    public Task<string> ReadBodyAsync() => _reader.ReadToEndAsync();

    public void Dispose()
    {
        _response.Dispose();
        _reader.Dispose();
    }

    private static string? GetHeaderValue(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private async Task<ServerSentEvent?> ReadNextAsync(CancellationToken timeout)
    {
        var lines = new List<string>();
        while (await _reader.ReadLineAsync(timeout) is { } line)
        {
            if (line.Length == 0)
            {
                return ServerSentEvent.Parse(lines);
            }

            lines.Add(line);
        }

        return null;
    }
}

internal static class EventStreamExtensions
{
    public static Task<EventStream> OpenStreamAsync(this AnalyticsService service, AnalyticsRequest? request = null) =>
        EventStream.OpenAsync(service.Address, request);
}
