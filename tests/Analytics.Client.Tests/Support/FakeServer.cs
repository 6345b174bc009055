using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Analytics.Client.Tests.Support;

/// <summary>A request as it was sent.</summary>
internal sealed record SentRequest(Uri Address, string? Body, string? LastEventId, string? Authorization);

/// <summary>Responds to each request in turn; to further ones like to the last.</summary>
internal sealed class FakeServer(params Func<CancellationToken, Task<HttpResponseMessage>>[] responses) : HttpMessageHandler
{
    public const string Report =
        """
        {"status_code":200,"message":"ok","data":{
         "call_analytics":{"total_calls":1,"interested":0,"call_back":0,"send_details":0,"not_interested":0,"not_connected":0,"failed":0,
          "avg_success_score":0},
         "call_status":{"total_tasks":1,"completed":1,"failed":0,"pending":0,"in_progress":0,"success_rate":100}}}
        """;

    private readonly ConcurrentQueue<SentRequest> _requests = new();

    public IReadOnlyCollection<SentRequest> Requests => _requests;

    public static Func<CancellationToken, Task<HttpResponseMessage>> Respond(
        HttpStatusCode status, string body = "{}", Action<HttpResponseMessage>? configure = null) => Respond(status, () =>
            new StringContent(body, Encoding.UTF8, "application/json"), configure);

    public static Func<CancellationToken, Task<HttpResponseMessage>> Respond(
        HttpStatusCode status, Func<HttpContent> createContent, Action<HttpResponseMessage>? configure = null) => _ =>
        {
            var response = new HttpResponseMessage(status) { Content = createContent() };
            configure?.Invoke(response);
            return Task.FromResult(response);
        };

    public static Func<CancellationToken, Task<HttpResponseMessage>> Break() =>
        _ => Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));

    // A server that accepts the request and says nothing.
    public static Func<CancellationToken, Task<HttpResponseMessage>> Hang() => async cancellationToken =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException();
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var index = _requests.Count;
        _requests.Enqueue(new SentRequest(request.RequestUri!, body, GetHeader("Last-Event-ID"), GetHeader("Authorization")));
        return await responses[Math.Min(index, responses.Length - 1)](cancellationToken);

        string? GetHeader(string name) => request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
    }
}

/// <summary>A body that ends with a broken connection.</summary>
internal sealed class BrokenBody(string text) : Stream
{
    private readonly MemoryStream _text = new(Encoding.UTF8.GetBytes(text));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _text.Read(buffer, offset, count);
        return read > 0 ? read : throw new IOException("Connection reset by peer");
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
