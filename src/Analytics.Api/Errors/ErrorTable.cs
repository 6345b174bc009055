using System.Data.Common;
using Analytics.Api.Bodies;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using FluentValidation;

namespace Analytics.Api.Errors;

/// <summary>Which fault gives which status and message. Everything that answers with an error asks here.</summary>
internal static class ErrorTable
{
    public static ApiError CredentialsMissing { get; } = Of(StatusCodes.Status401Unauthorized, "Authentication credentials were not provided.");

    public static ApiError TokenInvalid { get; } = Of(StatusCodes.Status401Unauthorized, "Invalid or expired token.");

    public static ApiError TooManyRequests { get; } = Of(StatusCodes.Status429TooManyRequests, "Too many requests.");

    public static ApiError Unavailable { get; } = Of(StatusCodes.Status503ServiceUnavailable, "Service temporarily unavailable.");

    /// <summary>For what the pipeline and the drivers throw.</summary>
    public static ApiError Of(Exception exception) => exception switch
    {
        CallerRequiredException => CredentialsMissing,
        RefusedBodyException refused => Of(refused.StatusCode, refused.Message),
        BadHttpRequestException bad => Of(bad.StatusCode),
        ValidationException validation => Invalid(validation),
        OrganisationNotFoundException or SpaceNotFoundException => Of(StatusCodes.Status404NotFound, exception.Message),
        WriteForbiddenException => Of(StatusCodes.Status403Forbidden, exception.Message),
        DbException or NumbersMovedException or PeriodsNotFilledException or TooBusyException or AnswerLateException => Unavailable,
        _ => Of(StatusCodes.Status500InternalServerError),
    };

    /// <summary>For what the framework answers by itself.</summary>
    public static ApiError Of(int status) => Of(status, status switch
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

    private static ApiError Of(int status, string message) => new() { StatusCode = status, Message = message };

    private static ApiError Invalid(ValidationException validation) => Of(StatusCodes.Status400BadRequest, validation.Errors.First().ErrorMessage) with
    {
        Errors = validation.Errors
            .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
            .ToDictionary(input => input.Key, input => input.ToArray(), StringComparer.Ordinal),
    };
}
