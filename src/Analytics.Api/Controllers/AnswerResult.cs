using System.Text.Json;
using Analytics.Application.Organisations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Analytics.Api.Controllers;

/// <summary>Sends an answer as JSON, written once however often it is sent.</summary>
/// <param name="answer">The answer.</param>
/// <param name="message">One sentence for people.</param>
internal sealed class AnswerResult<T>(Versioned<T> answer, string message) : IActionResult
    where T : class
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        var body = answer.Written.By(() => JsonSerializer.SerializeToUtf8Bytes(
            new Answer<T> { StatusCode = StatusCodes.Status200OK, Message = message, Data = answer.Value! }, options));
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(body, context.HttpContext.RequestAborted);
        }
    }
}
