using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Support;

/// <summary>Really signed tokens, good and bad.</summary>
internal static class Tokens
{
    public const string Key = "a-signing-key-of-the-tests-of-at-least-32-bytes";

    public static string For(object userId, string key = Key) =>
        Sign(new Dictionary<string, object> { ["user_id"] = userId, ["exp"] = In(TimeSpan.FromHours(1)) }, key);

    /// <summary>Seconds since 1970, some time from now.</summary>
    public static long In(TimeSpan fromNow) => TimeProvider.System.GetUtcNow().Add(fromNow).ToUnixTimeSeconds();

    /// <summary>A token with exactly these claims.</summary>
    public static string Sign(IReadOnlyDictionary<string, object> claims, string key = Key, string algorithm = SecurityAlgorithms.HmacSha256) =>
        Sign(JsonSerializer.Serialize(claims), key, algorithm);

    /// <summary>A token with exactly this payload.</summary>
    public static string Sign(string payload, string key = Key, string algorithm = SecurityAlgorithms.HmacSha256) =>
        new JsonWebTokenHandler().CreateToken(payload, new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm));
}
