using Analytics.Application.Observability;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>Why a request has no user, for the operator's metrics. The client is told less.</summary>
internal static class AuthenticationFailure
{
    public const string Malformed = "malformed";
    public const string NoUser = "no_user";
    public const string DuplicateHeader = "duplicate_header";
    public const string Other = "other";

    /// <param name="exception">The failure of the authentication; null without a token.</param>
    public static void Record(Exception? exception) => AnalyticsMetrics.RecordAuthenticationFailure(exception switch
    {
        null => "missing",
        CredentialsRejectedException rejected => rejected.Reason,

        // The library's exceptions for malformed tokens derive from it.
        ArgumentException => Malformed,
        SecurityTokenInvalidSignatureException => "wrong_signature",
        SecurityTokenExpiredException => "expired",
        SecurityTokenNotYetValidException => "not_yet_valid",
        SecurityTokenNoExpirationException => "no_expiry",
        _ => Other,
    });
}

/// <summary>Credentials that the library accepts and we reject.</summary>
internal sealed class CredentialsRejectedException(string reason, string message) : AuthenticationFailureException(message)
{
    public string Reason => reason;
}
