using System.Security.Claims;
using Analytics.Api.Errors;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Api.Authentication;

/// <summary>JwtBearer, with the platform's scheme <c>jwt</c> besides <c>Bearer</c>, and our error body.</summary>
internal static class JwtAuthentication
{
    private static readonly string[] Schemes = ["jwt", "Bearer"];
    private static readonly string[] SharedKeyAlgorithms = [SecurityAlgorithms.HmacSha256];
    private static readonly string[] IssuerAlgorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    // The values of WWW-Authenticate, one per scheme.
    public static IReadOnlyList<string> Challenges { get; } = [.. Schemes.Select(scheme => $"{scheme} realm=\"api\"")];

    public static IServiceCollection AddJwtAuthentication(this IServiceCollection services, JwtSettings settings)
    {
        services.AddAuthorization();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.Authority = settings.Authority?.ToString();
            options.RequireHttpsMetadata = settings.Authority is { IsLoopback: false };
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAlgorithms = settings.Authority is null ? SharedKeyAlgorithms : IssuerAlgorithms,
                IssuerSigningKeys = settings.SigningKeys,
                ValidateIssuer = settings.Authority is not null || settings.Issuer is not null,
                ValidIssuer = settings.Issuer,
                ValidateAudience = settings.Audience is not null,
                ValidAudience = settings.Audience,
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(30),
            };
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = ReadToken,
                OnTokenValidated = SetPrincipal,
                OnChallenge = Challenge,
            };
        });
        return services;
    }

    private static Task ReadToken(MessageReceivedContext context)
    {
        var headerValues = context.Request.Headers.Authorization;
        if (!headerValues.Any(HasSupportedScheme))
        {
            context.NoResult();
        }
        else if (headerValues.Count > 1)
        {
            context.Fail(new CredentialsRejectedException(AuthenticationFailure.DuplicateHeader, "The header is given more than once."));
        }
        else if (headerValues.ToString().Split(' ', 2, StringSplitOptions.TrimEntries) is [_, { Length: > 0 } token])
        {
            context.Token = token;
        }
        else
        {
            context.Fail(new CredentialsRejectedException(AuthenticationFailure.Malformed, "The scheme comes without a token."));
        }

        return Task.CompletedTask;
    }

    private static bool HasSupportedScheme(string? authorization) =>
        Schemes.Contains(authorization?.Split(' ', 2)[0], StringComparer.OrdinalIgnoreCase);

    private static Task SetPrincipal(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            context.Fail(
                new CredentialsRejectedException(AuthenticationFailure.Other, "The token requires an extension that is not supported."));
        }
        else if (CallerClaims.ReadClaims(token) is { Count: > 0 } claims)
        {
            // Only our own claims: a claim of the token must not be mistaken for the user.
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity(claims, context.Scheme.Name));
        }
        else
        {
            context.Fail(new CredentialsRejectedException(AuthenticationFailure.NoUser, "The token names no user."));
        }

        return Task.CompletedTask;
    }

    private static async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.AuthenticateFailure is not null && !await IsIssuerAvailableAsync(context.HttpContext))
        {
            await ErrorResponses.WriteAsync(context.HttpContext, ErrorTable.Unavailable);
            return;
        }

        AuthenticationFailure.Record(context.AuthenticateFailure);
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenges.ToArray());
        var error = context.AuthenticateFailure is not null ? ErrorTable.TokenInvalid
            : IsTokenWithoutScheme(context.Request.Headers.Authorization) ? ErrorTable.SchemeMissing
            : ErrorTable.CredentialsMissing;
        await ErrorResponses.WriteAsync(context.HttpContext, error);
    }

    // A frequent mistake. Every other value may belong to a scheme that is not ours.
    private static bool IsTokenWithoutScheme(StringValues authorization) =>
        authorization is [{ } value] && new JsonWebTokenHandler().CanReadToken(value.Trim());

    /// <summary>Without the issuer's keys no token can be validated, which is not the client's fault.</summary>
    public static async Task<bool> IsIssuerAvailableAsync(HttpContext context)
    {
        var options =
            context.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        try
        {
            await (options.ConfigurationManager?.GetConfigurationAsync(context.RequestAborted) ?? Task.CompletedTask);
            return true;
        }
        catch (InvalidOperationException exception)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(JwtAuthentication))
                .LogWarning(exception, "The issuer's keys cannot be fetched, request {RequestId}", context.TraceIdentifier);
            return false;
        }
    }
}
