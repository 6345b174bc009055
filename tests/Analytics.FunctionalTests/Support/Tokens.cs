using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Support;

/// <summary>Genuinely signed tokens, valid and invalid.</summary>
internal static class Tokens
{
    public const string SigningKey = "a-signing-key-of-the-tests-of-at-least-32-bytes";

    public static string Create(object userId, string key = SigningKey) => Sign(CreateClaims(("user_id", userId)), key);

    // The value of an Authorization header.
    public static string CreateAuthorization(object userId) => $"jwt {Create(userId)}";

    // Seconds since 1970, relative to now.
    public static long GetUnixTimeFromNow(TimeSpan fromNow) => TimeProvider.System.GetUtcNow().Add(fromNow).ToUnixTimeSeconds();

    // Claims that are valid for an hour by default; of two of one name the first counts.
    public static Dictionary<string, object> CreateClaims(params IEnumerable<(string Name, object Value)> claims) => claims
        .Append((Name: "exp", Value: GetUnixTimeFromNow(TimeSpan.FromHours(1))))
        .DistinctBy(claim => claim.Name)
        .ToDictionary(StringComparer.Ordinal);

    // A token with exactly these claims.
    public static string Sign(
        IReadOnlyDictionary<string, object> claims, string key = SigningKey, string algorithm = SecurityAlgorithms.HmacSha256) =>
        Sign(claims, CreateCredentials(key, algorithm));

    // A token with exactly these claims, signed with any key.
    public static string Sign(IReadOnlyDictionary<string, object> claims, SigningCredentials credentials) =>
        Sign(JsonSerializer.Serialize(claims), credentials);

    // A token with exactly this payload.
    public static string Sign(string payload) => Sign(payload, CreateCredentials(SigningKey, SecurityAlgorithms.HmacSha256));

    private static string Sign(string payload, SigningCredentials credentials) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(payload, credentials);

    private static SigningCredentials CreateCredentials(string key, string algorithm) =>
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm);
}
