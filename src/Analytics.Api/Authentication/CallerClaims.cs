using System.Numerics;
using System.Security.Claims;
using Analytics.Infrastructure.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using UserIds = Analytics.Domain.Organisations.UserId;

namespace Analytics.Api.Authentication;

/// <summary>Reads the user and the scopes from a token that is already validated.</summary>
internal static class CallerClaims
{
    public const string CallerClaim = "caller";

    // Which of two values counts differs between parsers.
    private static readonly JsonDocumentOptions NoDuplicateProperties = new() { AllowDuplicateProperties = false };

    public static string? GetUserId(this ClaimsPrincipal principal) => principal.FindFirstValue(CallerClaim);

    public static IReadOnlyCollection<string> GetScopes(this ClaimsPrincipal principal) =>
        [.. principal.FindAll(AccessToken.ScopeClaim).Select(scope => scope.Value)];

    // Every valid token expires.
    public static DateTimeOffset GetTokenExpiry(this HttpContext context) =>
        context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Properties!.ExpiresUtc!.Value;

    /// <summary>
    /// Returns the user, which is <c>user_id</c>, or <c>sub</c> if that is absent, and the values of <c>scope</c>. Returns
    /// nothing if the user is invalid, or if a property is repeated.
    /// </summary>
    public static IReadOnlyCollection<Claim> ReadClaims(JsonWebToken token)
    {
        try
        {
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload), NoDuplicateProperties);
            var claims = payload.RootElement;
            var hasUserClaim = claims.TryGetProperty(AccessToken.UserIdClaim, out var user) || claims.TryGetProperty("sub", out user);
            return hasUserClaim && ReadUserId(user) is { } userId && UserIds.IsValid(userId)
                ? [new Claim(CallerClaim, userId), .. ReadScopes(claims).Select(scope => new Claim(AccessToken.ScopeClaim, scope))]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Signed, but the payload is not JSON, or the user not valid text.
            return [];
        }
    }

    private static string[] ReadScopes(JsonElement claims) =>
        claims.TryGetProperty(AccessToken.ScopeClaim, out var scope) && scope.ValueKind == JsonValueKind.String
            ? scope.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)
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
