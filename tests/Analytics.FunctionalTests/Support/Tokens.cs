using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Support;

/// <summary>Really signed tokens, good and bad.</summary>
internal static class Tokens
{
    public const string SigningKey = "a-signing-key-of-the-tests-of-at-least-32-bytes";

    public static string Create(object userId, string key = SigningKey) => Sign(CreateClaims(("user_id", userId)), key);

    /// <summary>The value of an <c>Authorization</c> header.</summary>
    public static string CreateAuthorization(object userId) => $"jwt {Create(userId)}";

    /// <summary>Seconds since 1970, some time from now.</summary>
    public static long GetUnixTimeFromNow(TimeSpan fromNow) => TimeProvider.System.GetUtcNow().Add(fromNow).ToUnixTimeSeconds();

    /// <summary>Claims, good for an hour unless they say otherwise; of two of one name the first counts.</summary>
    public static Dictionary<string, object> CreateClaims(params IEnumerable<(string Name, object Value)> claims) => claims
        .Append((Name: "exp", Value: GetUnixTimeFromNow(TimeSpan.FromHours(1))))
        .DistinctBy(claim => claim.Name)
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>A token with exactly these claims.</summary>
    public static string Sign(IReadOnlyDictionary<string, object> claims, string key = SigningKey, string algorithm = SecurityAlgorithms.HmacSha256) =>
        Sign(claims, CreateCredentials(key, algorithm));

    /// <summary>A token with exactly these claims, by any key.</summary>
    public static string Sign(IReadOnlyDictionary<string, object> claims, SigningCredentials credentials) =>
        Sign(JsonSerializer.Serialize(claims), credentials);

    /// <summary>A token with exactly this payload.</summary>
    public static string Sign(string payload) => Sign(payload, CreateCredentials(SigningKey, SecurityAlgorithms.HmacSha256));

    private static string Sign(string payload, SigningCredentials credentials) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(payload, credentials);

    private static SigningCredentials CreateCredentials(string key, string algorithm) =>
        new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm);
}
