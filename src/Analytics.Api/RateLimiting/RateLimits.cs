using System.Buffers.Binary;
using System.Net;
using Analytics.Api.Authentication;
using Analytics.Api.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Analytics.Api.RateLimiting;

/// <summary>
/// Bounds what one caller may ask in a minute, and one address without a valid token; each answer says what is left, as
/// draft-ietf-httpapi-ratelimit-headers-10 has it. An address that is over its limit still answers to a valid token: others
/// may share it.
/// </summary>
/// <param name="settings">How many.</param>
/// <param name="clock">The clock.</param>
public sealed class RateLimits(RateLimitSettings settings, TimeProvider clock)
{
    /// <summary>The header that says what is left.</summary>
    public const string StatusHeader = "RateLimit";

    /// <summary>The header that says what is allowed.</summary>
    public const string PolicyHeader = "RateLimit-Policy";

    internal const string ReadsPolicy = "reads";

    /// <summary>What callers read.</summary>
    public FixedWindowCounter<string> Reads { get; } = new(ReadsPolicy, settings.ReadsPerMinute, clock);

    /// <summary>What callers write.</summary>
    public FixedWindowCounter<string> Writes { get; } = new("writes", settings.WritesPerMinute, clock);

    /// <summary>What comes from an address without a valid token.</summary>
    public FixedWindowCounter<UInt128> Anonymous { get; } = new("anonymous", settings.AnonymousRequestsPerMinute, clock);

    /// <summary>Counts a request, and says by which policy and what that leaves.</summary>
    internal (string Policy, RateLimitStatus Left) CountRequest(HttpContext context)
    {
        if (context.User.GetUserId() is not { } caller)
        {
            return (Anonymous.Header, Anonymous.Increment(GetPartitionKey(context.Connection.RemoteIpAddress ?? IPAddress.None)));
        }

        var policy = context.Request.IsSafeMethod() ? Reads : Writes;
        return (policy.Header, policy.Increment(caller));
    }

    /// <summary>An IPv4 address; of an IPv6 address the network, because whoever has one address of it has all.</summary>
    internal static UInt128 GetPartitionKey(IPAddress address)
    {
        var ipv6Address = address.MapToIPv6();
        var bits = BinaryPrimitives.ReadUInt128BigEndian(ipv6Address.GetAddressBytes());
        return ipv6Address.IsIPv4MappedToIPv6 ? bits : bits >> 64;
    }
}

internal static class RateLimitingExtensions
{
    private static readonly PathString LimitedPath = "/api";

    /// <summary>Stands behind authentication, which says who the caller is, and before authorization, which answers 401.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, RateLimitSettings settings)
    {
        if (!settings.Enabled)
        {
            return app;
        }

        var limits = new RateLimits(settings, app.ApplicationServices.GetRequiredService<TimeProvider>());
        return app.Use(async (context, next) =>
        {
            // A probe, or a reader of the documentation, is nobody's load.
            if (!context.Request.Path.StartsWithSegments(LimitedPath, StringComparison.OrdinalIgnoreCase))
            {
                await next(context);
                return;
            }

            var (policy, status) = limits.CountRequest(context);
            context.Response.OnStarting(WriteHeaders, (context.Response, policy, status.Header));

            await (status.IsExceeded && await ShouldRejectAsync(context)
                ? ErrorResponses.WriteAsync(context, ErrorTable.TooManyRequests, status.SecondsUntilReset)
                : next(context));
        });
    }

    private static async Task<bool> ShouldRejectAsync(HttpContext context)
    {
        // What there is not is 404 or 405, whoever asks how often.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
        {
            return false;
        }

        // Without the issuer's keys a good token is none, and its address is not at fault.
        if (context.User.GetUserId() is null && !await JwtAuthentication.IsIssuerAvailableAsync(context))
        {
            return false;
        }

        if (context.User.GetUserId() is null)
        {
            // The challenge, which counts the others, is not reached: who guesses tokens would go unseen.
            AuthenticationFailures.Record(context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure);
        }

        return true;
    }

    /// <summary>When the response starts, so that no error handler's clearing takes them away.</summary>
    private static Task WriteHeaders(object state)
    {
        var (response, policy, status) = ((HttpResponse, string, string))state;
        response.Headers[RateLimits.PolicyHeader] = policy;
        response.Headers[RateLimits.StatusHeader] = status;
        return Task.CompletedTask;
    }
}
