using System.Globalization;
using System.Numerics;
using System.Security.Claims;
using System.Text.Json;
using Analytics.Infrastructure.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using UserIds = Analytics.Domain.Organisations.UserId;

namespace Analytics.Api.Authentication;

/// <summary>Who the caller is, from a token whose signature and times are already checked.</summary>
internal static class CallerClaims
{
    private const string CallerClaim = "caller";
    private const string ScopeClaim = "scope";

    /// <summary>Others may take the first of two, and we the last.</summary>
    private static readonly JsonDocumentOptions NoDuplicateProperties = new() { AllowDuplicateProperties = false };

    /// <summary>The authenticated user, if there is one.</summary>
    public static string? GetUserId(this ClaimsPrincipal principal) => principal.FindFirstValue(CallerClaim);

    /// <summary>The words of the scope of the caller's token.</summary>
    public static IReadOnlyCollection<string> GetScopes(this ClaimsPrincipal principal) => [.. principal.FindAll(ScopeClaim).Select(scope => scope.Value)];

    /// <summary>Until when the caller's token is good: every token ends.</summary>
    public static DateTimeOffset GetTokenExpiry(this HttpContext context) =>
        context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult!.Properties!.ExpiresUtc!.Value;

    /// <summary>
    /// The token's user, which is its <c>user_id</c>, or <c>sub</c> only where that is absent, and the words of its <c>scope</c>;
    /// nothing where what is there cannot name a user, or is there twice.
    /// </summary>
    public static IReadOnlyCollection<Claim> ReadClaims(JsonWebToken token)
    {
        try
        {
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload), NoDuplicateProperties);
            var claims = payload.RootElement;
            var hasUserClaim = claims.TryGetProperty(AccessToken.UserIdClaim, out var user) || claims.TryGetProperty("sub", out user);
            return hasUserClaim && ReadUserId(user) is { } userId && UserIds.IsValid(userId)
                ? [new Claim(CallerClaim, userId), .. ReadScopes(claims).Select(scope => new Claim(ScopeClaim, scope))]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Signed, but not JSON, or not text: it names nobody.
            return [];
        }
    }

    private static string[] ReadScopes(JsonElement claims) =>
        claims.TryGetProperty(AccessToken.ScopeClaim, out var scope) && scope.ValueKind == JsonValueKind.String ? scope.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    private static string? ReadUserId(JsonElement user) => user.ValueKind switch
    {
        JsonValueKind.String => user.GetString(),
        JsonValueKind.Number when BigInteger.TryParse(user.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
