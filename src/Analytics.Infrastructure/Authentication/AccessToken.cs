using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Infrastructure.Authentication;

/// <summary>Issues tokens, signed with the first shared key.</summary>
public static class AccessToken
{
    public const string UserIdClaim = "user_id";

    public const string ScopeClaim = "scope";

    public static string Issue(JwtSettings jwt, string userId, TimeSpan lifetime, TimeProvider clock, string? scope = null)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { [UserIdClaim] = ToClaim(userId) };
        if (scope is not null)
        {
            claims[ScopeClaim] = scope;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            IssuedAt = now,
            Expires = now + lifetime,
            Issuer = jwt.Issuer,
            Audience = jwt.Audience,
            SigningCredentials = new SigningCredentials(jwt.SigningKeys[0], SecurityAlgorithms.HmacSha256),
        });
    }

    // The platform's tokens carry a number where the id is one.
    private static object ToClaim(string userId) =>
        long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == userId
            ? number
            : userId;
}
