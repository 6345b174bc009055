using System.Globalization;
using Analytics.Infrastructure.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Infrastructure.Authentication;

/// <summary>Tokens of our own, signed with the first shared key.</summary>
public static class AccessToken
{
    /// <summary>The claim that names the user.</summary>
    public const string UserIdClaim = "user_id";

    /// <summary>The claim that names what else the user may do: words, separated by blanks.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>A token that lets a user ask until it expires.</summary>
    /// <param name="jwt">The settings; they must hold a shared key.</param>
    /// <param name="userId">The user.</param>
    /// <param name="lifetime">How long the token is good.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="scope">What else the user may do, such as <c>tasks:write</c>; absent, nothing.</param>
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

    /// <summary>The platform's own tokens carry a number where the id is one.</summary>
    private static object ToClaim(string userId) =>
        long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == userId
            ? number
            : userId;
}
