using System.Data.Common;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Infrastructure;
using FluentValidation;

namespace Analytics.Api.Errors;

/// <summary>The status and message of each error.</summary>
internal static class ErrorTable
{
    public static ApiError CredentialsMissing { get; } =
        GetError(StatusCodes.Status401Unauthorized, "Authentication credentials were not provided.");

    public static ApiError TokenInvalid { get; } = GetError(StatusCodes.Status401Unauthorized, "Invalid or expired token.");

    public static ApiError TooManyRequests { get; } = GetError(StatusCodes.Status429TooManyRequests, "Too many requests.");

    public static ApiError Unavailable { get; } = GetError(StatusCodes.Status503ServiceUnavailable, "Service temporarily unavailable.");

    // For exceptions of the pipeline and of the drivers.
    public static ApiError GetError(Exception exception) => exception switch
    {
        UnauthenticatedException => CredentialsMissing,
        RejectedBodyException rejectedBody => GetError(rejectedBody.StatusCode, rejectedBody.Message),
        BadHttpRequestException badRequest => GetError(badRequest.StatusCode),
        ValidationException validation => ToValidationError(validation),
        OrganisationNotFoundException or SpaceNotFoundException => GetError(StatusCodes.Status404NotFound, exception.Message),
        ExportInProgressException => TooManyRequests,
        ForbiddenException => GetError(StatusCodes.Status403Forbidden, exception.Message),
        ConcurrentChangeException or RollupsNotReadyException or OverloadedException or RequestTimedOutException => Unavailable,
        DbException database when DatabaseErrors.IsTransient(database) => Unavailable,
        _ => GetError(StatusCodes.Status500InternalServerError),
    };

    // For error statuses without a body, which the framework sets.
    public static ApiError GetError(int status) => GetError(status, status switch
    {
        StatusCodes.Status400BadRequest => "The request is malformed.",
        StatusCodes.Status401Unauthorized => CredentialsMissing.Message,
        StatusCodes.Status404NotFound => "Not found.",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed.",
        StatusCodes.Status429TooManyRequests => TooManyRequests.Message,
        StatusCodes.Status503ServiceUnavailable => Unavailable.Message,
        >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError => "The request cannot be answered.",
        _ => "Internal server error.",
    });

    private static ApiError GetError(int status, string message) => new() { StatusCode = status, Message = message };

    private static ApiError ToValidationError(ValidationException validation) =>
        GetError(StatusCodes.Status400BadRequest, validation.Errors.First().ErrorMessage) with
        {
            Errors = validation.Errors
                .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
                .ToDictionary(input => input.Key, input => input.ToArray(), StringComparer.Ordinal),
        };
}

/// <summary>A request body that a client may not send.</summary>
internal sealed class RejectedBodyException(int statusCode, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    /// <summary>The response header that says what is accepted instead.</summary>
    public (string Name, string Value)? Accepted { get; init; }
}
