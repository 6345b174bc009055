using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>
/// Validates tokens with the issuer's keys, and once more with fresh ones if a token's key is unknown. The library's own
/// ConfigurationManager refreshes at most every five minutes, and rejects the token that made it refresh.
/// </summary>
internal sealed class IssuerTokenHandler(IssuerKeys keys) : JsonWebTokenHandler
{
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (await keys.GetAsync() is not { } known)
        {
            return IssuerUnavailable();
        }

        var result = await ValidateAsync(token, validationParameters, known);
        if (result.Exception is not SecurityTokenSignatureKeyNotFoundException)
        {
            return result;
        }

        return await keys.GetFreshAsync() switch
        {
            null => IssuerUnavailable(),
            var fresh when fresh == known => result,
            var fresh => await ValidateAsync(token, validationParameters, fresh),
        };
    }

    private Task<TokenValidationResult> ValidateAsync(
        string token, TokenValidationParameters validationParameters, OpenIdConnectConfiguration issuer)
    {
        var parameters = validationParameters.Clone();
        parameters.IssuerSigningKeys = issuer.SigningKeys;
        parameters.ValidIssuers = [issuer.Issuer];
        return base.ValidateTokenAsync(token, parameters);
    }

    private static TokenValidationResult IssuerUnavailable() => new() { Exception = new IssuerUnavailableException() };
}

/// <summary>Whether the token is valid is unknown, which is not the client's fault.</summary>
internal sealed class IssuerUnavailableException() : AuthenticationFailureException("The issuer's keys cannot be fetched.");
