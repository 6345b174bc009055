using System.Buffers.Binary;
using System.Net;
using Analytics.Api.Authentication;
using Analytics.Api.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Analytics.Api.RateLimiting;

/// <summary>
/// Limits the requests per minute of each user, and of each address without a valid token. Every response has the headers
/// of draft-ietf-httpapi-ratelimit-headers-10. A valid token is accepted from an address over its limit, because users may
/// share the address.
/// </summary>
public sealed class RateLimits(RateLimitSettings settings, TimeProvider clock)
{
    public const string StatusHeader = "RateLimit";
    public const string PolicyHeader = "RateLimit-Policy";

    internal const string ReadsPolicy = "reads";

    public FixedWindowCounter<string> Reads { get; } = new(ReadsPolicy, settings.ReadsPerMinute, clock);

    public FixedWindowCounter<string> Writes { get; } = new("writes", settings.WritesPerMinute, clock);

    public FixedWindowCounter<UInt128> Anonymous { get; } = new("anonymous", settings.AnonymousRequestsPerMinute, clock);

    internal (string Policy, RateLimitStatus Left) CountRequest(HttpContext context)
    {
        if (context.User.GetUserId() is not { } userId)
        {
            return (Anonymous.Header, Anonymous.Increment(GetPartitionKey(context.Connection.RemoteIpAddress ?? IPAddress.None)));
        }

        var policy = context.Request.IsSafeMethod() ? Reads : Writes;
        return (policy.Header, policy.Increment(userId));
    }

    // The whole address of IPv4; the /64 network of IPv6, because a client usually controls all addresses of it.
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

    // Behind authentication, which sets the user, and before authorization, which responds with 401.
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, RateLimitSettings settings)
    {
        if (!settings.Enabled)
        {
            return app;
        }

        var limits = new RateLimits(settings, app.ApplicationServices.GetRequiredService<TimeProvider>());
        return app.Use(async (context, next) =>
        {
            // Probes and the documentation are not limited.
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
        // Unknown routes and methods get their 404 or 405.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
        {
            return false;
        }

        // Without the issuer's keys even a valid token fails authentication, which is not the client's fault.
        if (context.User.GetUserId() is null && !await JwtAuthentication.IsIssuerAvailableAsync(context))
        {
            return false;
        }

        if (context.User.GetUserId() is null)
        {
            // The challenge handler, which records other failures, does not run for a rejected request.
            AuthenticationFailures.Record(context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure);
        }

        return true;
    }

    // When the response starts, because the exception handler clears headers that were set earlier.
    private static Task WriteHeaders(object state)
    {
        var (response, policy, status) = ((HttpResponse, string, string))state;
        response.Headers[RateLimits.PolicyHeader] = policy;
        response.Headers[RateLimits.StatusHeader] = status;
        return Task.CompletedTask;
    }
}
