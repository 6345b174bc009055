using System.Security.Cryptography;
using Analytics.Domain.Organisations;
using Analytics.Infrastructure.Authentication;
using Analytics.Infrastructure.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Bench;

/// <summary>Sends requests as a member of the organisation, with a token that every server of this run accepts.</summary>
internal static class Caller
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(64);

    public static (string Key, string Value) SigningKeySetting { get; } = ("Jwt:SigningKeys:0", $"base64:{Convert.ToBase64String(Key)}");

    public static IReadOnlyList<(string Name, string Value)> Headers { get; } = HeadersOf(Catalogue.UserId, Catalogue.MeasuredOrganisation);

    public static IReadOnlyList<(string Name, string Value)> HeadersOf(string userId, long organisationId) =>
        [("Authorization", $"Bearer {Token(userId)}"), ("Org-Handle", Catalogue.HandleOf(organisationId)), ("Product-Id", Product.Default)];

    public static async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        foreach (var (name, value) in Headers)
        {
            client.DefaultRequestHeaders.Add(name, value);
        }

        return await client.GetStringAsync(address, cancellationToken);
    }

    private static string Token(string userId)
    {
        var jwt = new JwtSettings { SigningKeys = [new SymmetricSecurityKey(Key)], Authority = null, Issuer = null, Audience = null };
        return AccessToken.Issue(jwt, userId, Plan.MaxRunTime, TimeProvider.System);
    }
}
