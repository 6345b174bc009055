using System.Net.Http.Headers;

namespace Analytics.FunctionalTests.Support;

/// <summary>One event as it came; a comment has neither part.</summary>
internal sealed record StreamEvent(string? Id, string? Data)
{
    public static readonly StreamEvent Comment = new(null, null);

    public static StreamEvent Parse(IReadOnlyList<string> lines) => new(
        lines.SingleOrDefault(line => line.StartsWith("id: ", StringComparison.Ordinal))?["id: ".Length..],
        lines.SingleOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?["data: ".Length..]);
}

/// <summary>A stream of the numbers of Acme as its member reads it, unless said otherwise.</summary>
internal sealed class EventStream : IDisposable
{
    public const string Path = $"{Question.Analytics}stream/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly HttpClient Client = new() { Timeout = Patience };

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    public int Status => (int)_response.StatusCode;

    /// <summary>The headers of the answer and of its body.</summary>
    public string? this[string name] => Values(_response.Headers, name) ?? Values(_response.Content.Headers, name);

    public static async Task<EventStream> OpenAsync(Uri server, Question? question = null)
    {
        question ??= new Question();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, (question with { Path = Path }).Target));
        foreach (var (name, value) in question.AllHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new EventStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>What comes next; absent when the stream has ended as it should.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        using var giveUp = new CancellationTokenSource(Patience);
        return await NextAsync(giveUp.Token);
    }

    /// <summary>The next event; absent when the stream ends without one.</summary>
    public async Task<StreamEvent?> NextEventAsync()
    {
        using var giveUp = new CancellationTokenSource(Patience);
        StreamEvent? next;
        do
        {
            next = await NextAsync(giveUp.Token);
        }
        while (next == StreamEvent.Comment);

        return next;
    }

    /// <summary>The whole answer, where it is no stream.</summary>
    public Task<string> BodyAsync() => _reader.ReadToEndAsync();

    public void Dispose()
    {
        _response.Dispose();
        _reader.Dispose();
    }

    private static string? Values(HttpHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private async Task<StreamEvent?> NextAsync(CancellationToken giveUp)
    {
        var lines = new List<string>();
        while (await _reader.ReadLineAsync(giveUp) is { } line)
        {
            if (line.Length == 0)
            {
                return StreamEvent.Parse(lines);
            }

            lines.Add(line);
        }

        return null;
    }
}

internal static class EventStreams
{
    /// <summary>Opens a stream.</summary>
    public static Task<EventStream> ListenAsync(this AnalyticsService service, Question? question = null) => EventStream.OpenAsync(service.Address, question);
}
