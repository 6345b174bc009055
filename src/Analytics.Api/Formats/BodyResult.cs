using Analytics.Application.Organisations;

namespace Analytics.Api.Formats;

/// <summary>Writes a body whose length is known, compressed if the client accepts it and it is long enough.</summary>
internal sealed class BodyResult(byte[] body, string contentType) : IActionResult, IResult
{
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Where the compressed bodies are cached.</summary>
    public SerializedBody Forms { get; init; } = new();

    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var bytes = body;
        if (body.Length > ContentCoding.MinLength && ContentCoding.Negotiate(httpContext.Request) is { } coding)
        {
            bytes = Forms.GetOrAdd(coding.Name, () => coding.Compress(body));
            coding.SetHeaders(response);
        }

        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }
}
