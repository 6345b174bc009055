using Analytics.Api.Authentication;
using Analytics.Api.Limits;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Api.Controllers;

/// <summary>What every route about one organisation shares: the caller, the scope's headers, and the tag of its answer.</summary>
[Authorize]
[TakesPlace]
[Produces("application/json")]
public abstract class OrganisationController : ControllerBase
{
    internal const string CacheControl = "private, no-cache";
    internal const string Vary = "Authorization, Org-Handle, Product-Id, Accept, Origin";

    /// <summary>Who asks about which organisation.</summary>
    protected OrganisationScope Scope => new(
        User.UserId(),
        Request.Headers[InputNames.OrgHandle],
        Request.Headers[InputNames.ProductId],
        [.. Request.GetTypedHeaders().IfNoneMatch.Select(known => known.Tag.ToString())]);

    /// <summary>200 with the data, or 304 where the caller already holds them.</summary>
    protected IActionResult Answer<T>(Versioned<T> answer, string message)
        where T : class
    {
        Label(answer);
        return answer.Value is null
            ? StatusCode(StatusCodes.Status304NotModified)
            : new AnswerResult<T>(answer, message);
    }

    /// <summary>Names the answer, and says who may keep it.</summary>
    protected void Label<T>(Versioned<T> answer)
    {
        Response.Headers.ETag = answer.Tag;
        Response.Headers.CacheControl = CacheControl;
        Response.Headers.Vary = Vary;
    }
}

/// <summary>The envelope of every answer.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record Answer<T>
    where T : class
{
    /// <summary>The HTTP status, again.</summary>
    public required int StatusCode { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>What was asked for.</summary>
    public required T Data { get; init; }
}
