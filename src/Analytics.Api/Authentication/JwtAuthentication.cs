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
            // Nothing reads it again.
            options.SaveToken = false;
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
                OnChallenge = Challenge,
            };
        });
        if (settings.Authority is { } authority)
        {
            services.AddSingleton(provider => new IssuerKeys(
                authority, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<IssuerKeys>>()));
            services.AddSingleton<JsonWebTokenHandler, IssuerTokenHandler>();
        }
        else
        {
            services.AddSingleton<JsonWebTokenHandler>();
        }

        services.AddSingleton<CachingTokenHandler>();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<CachingTokenHandler>((options, handler) =>
        {
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(handler);
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

    private static async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.AuthenticateFailure is IssuerUnavailableException)
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
}
