using Analytics.Application.Organisations;

namespace Analytics.Api.Controllers;

/// <summary>Writes the response as JSON. The bytes are cached with the response.</summary>
internal sealed class CachedJsonResult<T>(Versioned<T> versioned, string message) : IActionResult
    where T : class
{
    public static byte[] GetBody(Versioned<T> versioned, string message, JsonSerializerOptions options) =>
        versioned.SerializedBody.GetOrAdd(
            () => JsonSerializer.SerializeToUtf8Bytes(ApiResponse.Create(message, versioned.Value!), options));

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        var body = GetBody(versioned, message, options);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(body, context.HttpContext.RequestAborted);
        }
    }
}
