using System.Net.Http.Headers;

namespace Analytics.ContractTests.Support;

/// <summary>Sends requests to the deployment, and checks every response against the OpenAPI document.</summary>
internal sealed class ApiClient(Uri baseAddress) : IDisposable
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public OpenApiDocument Document { get; } = OpenApiDocument.Load();

    // A report, or what another path returns; the status must be 200.
    public async Task<Reply> GetAsync(string query = "", string path = Routes.Analytics)
    {
        var reply = await SendAsync(new ContractRequest(query, path));
        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("A valid request is answered with 200."));
        return reply;
    }

    // Any request. What the deployment asks to retry later is retried, so that its limits fail no test.
    public async Task<Reply> SendAsync(ContractRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await OpenAsync(request);
            var reply = new Reply(request, response, await response.Content.ReadAsByteArrayAsync());
            Check(reply);
            if (reply.Status is not (429 or 503) || attempt == MaxAttempts
                || response.Headers.RetryAfter?.Delta is not { } delay || delay > MaxWait)
            {
                return reply;
            }

            await Task.Delay(delay);
        }
    }

    // A response whose body has not been read, such as a stream's.
    public async Task<HttpResponseMessage> OpenAsync(ContractRequest request)
    {
        using var message = new HttpRequestMessage(request.Method, $"{baseAddress.AbsoluteUri.TrimEnd('/')}{request.PathAndQuery}");
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }

        foreach (var (name, value) in request.GetAllHeaders())
        {
            // HttpClient keeps the headers of a body apart.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    // Fails if the document does not describe the response.
    public void Check(Reply reply) =>
        Assert.That(Document.FindViolations(reply), Is.Empty, reply.Explain("Each response is as openapi.json describes it."));

    public void Dispose() => _http.Dispose();
}
