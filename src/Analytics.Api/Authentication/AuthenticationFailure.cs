using Analytics.Application.Observability;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>Why a request has no caller, for who runs the service: callers are told less.</summary>
internal enum AuthenticationFailure
{
    Missing,
    Malformed,
    WrongSignature,
    Expired,
    NotYetValid,
    NoExpiry,
    NoUser,
    DuplicateHeader,
    Other,
}

internal static class AuthenticationFailures
{
    /// <summary>What was wrong, from the failure that the authentication ended with; none is a request without a token.</summary>
    public static AuthenticationFailure Classify(Exception? exception) => exception switch
    {
        null => AuthenticationFailure.Missing,
        CredentialsRejectedException rejected => rejected.Failure,

        // The library's exceptions for what is no token derive from it, and some are nothing else.
        ArgumentException => AuthenticationFailure.Malformed,
        SecurityTokenInvalidSignatureException => AuthenticationFailure.WrongSignature,
        SecurityTokenExpiredException => AuthenticationFailure.Expired,
        SecurityTokenNotYetValidException => AuthenticationFailure.NotYetValid,
        SecurityTokenNoExpirationException => AuthenticationFailure.NoExpiry,
        _ => AuthenticationFailure.Other,
    };

    /// <summary>Counts a request without a caller.</summary>
    public static void Record(Exception? exception) => AnalyticsMetrics.RecordAuthenticationFailure(Name(Classify(exception)));

    /// <summary>Its name in metrics.</summary>
    public static string Name(AuthenticationFailure failure) => failure switch
    {
        AuthenticationFailure.Missing => "missing",
        AuthenticationFailure.Malformed => "malformed",
        AuthenticationFailure.WrongSignature => "wrong_signature",
        AuthenticationFailure.Expired => "expired",
        AuthenticationFailure.NotYetValid => "not_yet_valid",
        AuthenticationFailure.NoExpiry => "no_expiry",
        AuthenticationFailure.NoUser => "no_user",
        AuthenticationFailure.DuplicateHeader => "duplicate_header",
        AuthenticationFailure.Other => "other",
    };
}

/// <summary>What we find wrong, beyond what the library checks.</summary>
internal sealed class CredentialsRejectedException(AuthenticationFailure failure, string message) : AuthenticationFailureException(message)
{
    public AuthenticationFailure Failure => failure;
}
