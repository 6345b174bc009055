using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>
/// Validates a token on first sight, and caches the user's identity for the requests that follow. The key is the token's SHA-256; the
/// token itself is not cached. Each request checks again that the token has not expired, and that the issuer's keys are still those
/// that were used to validate it.
/// </summary>
/// <param name="validator">Validates a token with all the library's rules.</param>
/// <param name="clock">The clock.</param>
/// <param name="issuerKeys">The issuer's keys; null with shared keys, which do not change.</param>
internal sealed class CachingTokenHandler(JsonWebTokenHandler validator, TimeProvider clock, IssuerKeys? issuerKeys = null)
    : TokenHandler, IDisposable
{
    // Less than a kilobyte each, however long the token is. Beyond it, the least recently used are evicted.
    internal const int MaxTokens = 10_000;

    private static readonly MemoryCacheEntryOptions EntryOptions =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) };

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxTokens, Clock = new CacheClock(clock) });

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var result = await FindAsync(hash) ?? await ValidateAsync(token, hash, validationParameters);
        return result.IsValid && result.SecurityToken.ValidTo < clock.GetUtcNow().UtcDateTime - validationParameters.ClockSkew
            ? Reject(new SecurityTokenExpiredException("The token has expired."))
            : result;
    }

    public void Dispose() => _cache.Dispose();

    private async ValueTask<TokenValidationResult?> FindAsync(string hash) =>
        _cache.TryGetValue(hash, out CachedToken? cached) && cached is not null
            && (issuerKeys is null || cached.IssuerKeys == await issuerKeys.GetAsync())
                ? cached.Accepted
                : null;

    private async Task<TokenValidationResult> ValidateAsync(string token, string hash, TokenValidationParameters validationParameters)
    {
        // Read before the validation: if newer keys are used for it, the token is only validated once more.
        var keys = issuerKeys?.Latest;
        var result = await validator.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
        {
            return result;
        }

        try
        {
            var validated = (JsonWebToken)result.SecurityToken;
            var accepted = new TokenValidationResult
            {
                IsValid = true,
                ClaimsIdentity = CreateIdentity(validated),
                SecurityToken = new ValidatedToken(validated),
            };
            return _cache.Set(hash, new CachedToken(accepted, keys), EntryOptions).Accepted;
        }
        catch (CredentialsRejectedException rejected)
        {
            return Reject(rejected);
        }
    }

    // Only our own claims: a claim of the token must not be mistaken for the user.
    private static ClaimsIdentity CreateIdentity(JsonWebToken token) => token.TryGetHeaderValue<object>("crit", out _)
        ? throw new CredentialsRejectedException(AuthenticationFailure.Other, "The token requires an extension that is not supported.")
        : new ClaimsIdentity(CallerClaims.ReadClaims(token), JwtBearerDefaults.AuthenticationScheme);

    private static TokenValidationResult Reject(Exception exception) => new() { Exception = exception };

    private sealed record CachedToken(TokenValidationResult Accepted, OpenIdConnectConfiguration? IssuerKeys);

    private sealed class CacheClock(TimeProvider clock) : ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }

    /// <summary>What JwtBearer reads of a validated token: its times. The library's own type contains the token.</summary>
    private sealed class ValidatedToken(SecurityToken token) : SecurityToken
    {
        public override string Id => "";

        public override string Issuer => "";

        public override DateTime ValidFrom { get; } = token.ValidFrom;

        public override DateTime ValidTo { get; } = token.ValidTo;

        public override SecurityKey? SecurityKey => null;

        public override SecurityKey? SigningKey { get; set; }
    }
}
