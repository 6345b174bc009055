using Analytics.Application.Metering;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>Why a request has no caller, for who runs the service: callers are told less.</summary>
internal enum TokenFault
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

internal static class TokenFaults
{
    /// <summary>What was wrong, from the failure that the authentication ended with; none is a request without a token.</summary>
    public static TokenFault Of(Exception? failure) => failure switch
    {
        null => TokenFault.Missing,
        TokenFaultException own => own.Fault,

        // The library's exceptions for what is no token derive from it, and some are nothing else.
        ArgumentException => TokenFault.Malformed,
        SecurityTokenInvalidSignatureException => TokenFault.WrongSignature,
        SecurityTokenExpiredException => TokenFault.Expired,
        SecurityTokenNotYetValidException => TokenFault.NotYetValid,
        SecurityTokenNoExpirationException => TokenFault.NoExpiry,
        _ => TokenFault.Other,
    };

    /// <summary>Counts a request without a caller.</summary>
    public static void Count(Exception? failure) => ServiceMeter.RejectedToken(Name(Of(failure)));

    /// <summary>Its name in metrics.</summary>
    public static string Name(TokenFault fault) => fault switch
    {
        TokenFault.Missing => "missing",
        TokenFault.Malformed => "malformed",
        TokenFault.WrongSignature => "wrong_signature",
        TokenFault.Expired => "expired",
        TokenFault.NotYetValid => "not_yet_valid",
        TokenFault.NoExpiry => "no_expiry",
        TokenFault.NoUser => "no_user",
        TokenFault.DuplicateHeader => "duplicate_header",
        TokenFault.Other => "other",
    };
}

/// <summary>What we find wrong, beyond what the library checks.</summary>
internal sealed class TokenFaultException(TokenFault fault, string message) : AuthenticationFailureException(message)
{
    public TokenFault Fault => fault;
}
