using System.Data.Common;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Infrastructure;
using FluentValidation;

namespace Analytics.Api.Errors;

/// <summary>The status, message and code of each error.</summary>
internal static class ErrorTable
{
    public static ErrorResponse CredentialsMissing { get; } = Create(
        StatusCodes.Status401Unauthorized, ErrorCode.AuthenticationRequired, "Authentication credentials were not provided.");

    public static ErrorResponse SchemeMissing { get; } = CredentialsMissing with
    {
        Code = ErrorCode.SchemeMissing,
        Errors = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            [HeaderNames.Authorization] = ["Send the scheme, a space and the token: Authorization: jwt <token>, or Bearer <token>."],
        },
    };

    public static ErrorResponse TokenInvalid { get; } =
        Create(StatusCodes.Status401Unauthorized, ErrorCode.TokenInvalid, "Invalid or expired token.");

    public static ErrorResponse TooManyRequests { get; } =
        Create(StatusCodes.Status429TooManyRequests, ErrorCode.RateLimited, "Too many requests.");

    public static ErrorResponse Unavailable { get; } =
        Create(StatusCodes.Status503ServiceUnavailable, ErrorCode.Unavailable, "Service temporarily unavailable.");

    // For exceptions of the pipeline and of the drivers.
    public static ErrorResponse GetError(Exception exception) => exception switch
    {
        UnauthenticatedException => CredentialsMissing,
        RejectedBodyException rejectedBody => Create(rejectedBody.StatusCode, rejectedBody.Code, rejectedBody.Message),
        BadHttpRequestException badRequest => GetError(badRequest.StatusCode),
        ValidationException validation => ToValidationError(validation),
        OrganisationNotFoundException =>
            Create(StatusCodes.Status404NotFound, ErrorCode.OrganizationNotFound, exception.Message),
        SpaceNotFoundException => Create(StatusCodes.Status404NotFound, ErrorCode.SpaceNotFound, exception.Message),
        TooManyRowsException => Create(StatusCodes.Status400BadRequest, ErrorCode.TooManyRows, exception.Message),
        ExportInProgressException => TooManyRequests,
        ForbiddenException => Create(StatusCodes.Status403Forbidden, ErrorCode.WriteForbidden, exception.Message),
        ConcurrentChangeException or RollupsNotReadyException or OverloadedException or RequestTimedOutException or SpoolFullException =>
            Unavailable,
        DbException database when DatabaseErrors.IsTransient(database) => Unavailable,
        _ => GetError(StatusCodes.Status500InternalServerError),
    };

    // For error statuses without a body, which the framework sets. Of a request, only its body is read after routing.
    public static ErrorResponse GetError(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Create(status, ErrorCode.InvalidBody, "The request is malformed."),
        StatusCodes.Status401Unauthorized => CredentialsMissing,
        StatusCodes.Status404NotFound => Create(status, ErrorCode.NotFound, "Not found."),
        StatusCodes.Status405MethodNotAllowed => Create(status, ErrorCode.MethodNotAllowed, "Method not allowed."),
        StatusCodes.Status413PayloadTooLarge => Create(status, ErrorCode.BodyTooLarge, "The request body is too large."),
        StatusCodes.Status429TooManyRequests => TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError =>
            Create(status, ErrorCode.InvalidBody, "The request cannot be answered."),
        _ => Create(status, ErrorCode.InternalError, "Internal server error."),
    };

    private static ErrorResponse Create(int status, ErrorCode code, string message) =>
        new() { StatusCode = status, Code = code, Message = message };

    private static ErrorResponse ToValidationError(ValidationException validation)
    {
        var first = validation.Errors.First();
        var code = first switch
        {
            { PropertyName: ParameterNames.Body } => ErrorCode.InvalidBody,
            { ErrorCode: OrganisationScopeValidator.HandleRequired } => ErrorCode.OrgHandleRequired,
            _ => ErrorCode.InvalidParameter,
        };
        return Create(StatusCodes.Status400BadRequest, code, first.ErrorMessage) with
        {
            Errors = validation.Errors
                .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
                .ToDictionary(input => input.Key, input => input.ToArray(), StringComparer.Ordinal),
        };
    }
}

/// <summary>A request body that a client may not send.</summary>
internal sealed class RejectedBodyException(int statusCode, ErrorCode code, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    public ErrorCode Code => code;

    /// <summary>The response header that says what is accepted instead.</summary>
    public (string Name, string Value)? Accepted { get; init; }
}

/// <summary>The disk or the limit of all spools is full.</summary>
internal sealed class SpoolFullException(string message, Exception? innerException = null) : Exception(message, innerException);
