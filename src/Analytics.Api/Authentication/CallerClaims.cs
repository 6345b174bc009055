using System.Numerics;
using System.Security.Claims;
using Analytics.Domain.Organisations;
using Analytics.Infrastructure.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>Reads the user and the scopes from a token that is already validated.</summary>
internal static class CallerClaims
{
    public const string CallerClaim = "caller";

    // Which of two values counts differs between parsers.
    private static readonly JsonDocumentOptions NoDuplicateProperties = new() { AllowDuplicateProperties = false };

    // The end of the year 9999. A time in milliseconds is far beyond it, and the library takes it for that end.
    private const double MaxUnixSeconds = 253_402_300_799;

    private static readonly string[] Times = ["exp", "nbf", "iat"];

    public static string? GetUserId(this ClaimsPrincipal principal) => principal.FindFirstValue(CallerClaim);

    public static IReadOnlyCollection<string> GetScopes(this ClaimsPrincipal principal) =>
        [.. principal.FindAll(AccessToken.ScopeClaim).Select(scope => scope.Value)];

    // Every valid token expires.
    public static DateTimeOffset GetTokenExpiry(this HttpContext context) =>
        context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Properties!.ExpiresUtc!.Value;

    /// <summary>
    /// Returns the user, which is <c>user_id</c>, or <c>sub</c> if that is absent, and of the values of <c>scope</c> the one that allows
    /// to write. Throws CredentialsRejectedException if the user is invalid, a property is repeated, or a time is beyond the year 9999.
    /// </summary>
    public static IReadOnlyCollection<Claim> ReadClaims(JsonWebToken token)
    {
        try
        {
            using var header = Parse(token.EncodedHeader);
            using var payload = Parse(token.EncodedPayload);
            var claims = payload.RootElement;
            if (Times.Any(name => claims.TryGetProperty(name, out var time) && IsTooLarge(time)))
            {
                throw new CredentialsRejectedException(AuthenticationFailure.Malformed, "A time of the token is not in seconds.");
            }

            var hasUserClaim = claims.TryGetProperty(AccessToken.UserIdClaim, out var user) || claims.TryGetProperty("sub", out user);
            return hasUserClaim && ReadUserId(user) is { } userId && UserId.IsValid(userId)
                ? [new Claim(CallerClaim, userId), .. GetWriteScope(claims)]
                : throw new CredentialsRejectedException(AuthenticationFailure.NoUser, "The token names no user.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Signed, but the header or the payload is not JSON or repeats a property, or the user is not valid text.
            throw new CredentialsRejectedException(AuthenticationFailure.Malformed, "The token is not valid JSON.");
        }
    }

    private static JsonDocument Parse(string base64Url) =>
        JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(base64Url), NoDuplicateProperties);

    // The library also reads numbers in quotes.
    private static bool IsTooLarge(JsonElement time) => time.ValueKind switch
    {
        JsonValueKind.Number => time.GetDouble() > MaxUnixSeconds,
        JsonValueKind.String =>
            double.TryParse(time.GetString(), CultureInfo.InvariantCulture, out var seconds) && seconds > MaxUnixSeconds,
        _ => false,
    };

    // A token may have thousands of other scopes, which would all be cached with the user.
    private static Claim[] GetWriteScope(JsonElement claims) =>
        claims.TryGetProperty(AccessToken.ScopeClaim, out var scope) && scope.ValueKind == JsonValueKind.String
            && scope.GetString()!.Split(' ').Contains(WriteAccess.Scope, StringComparer.Ordinal)
            ? [new Claim(AccessToken.ScopeClaim, WriteAccess.Scope)]
            : [];

    private static string? ReadUserId(JsonElement user) => user.ValueKind switch
    {
        JsonValueKind.String => user.GetString(),
        JsonValueKind.Number
            when BigInteger.TryParse(user.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
