using System.Buffers.Binary;
using System.Net;
using Analytics.Api.Authentication;
using Analytics.Api.Errors;
using Analytics.Api.Telemetry;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Analytics.Api.RateLimiting;

/// <summary>
/// Limits the requests per minute of each user, and of each address without a valid token. Every response has the headers
/// of draft-ietf-httpapi-ratelimit-headers-10. A valid token is accepted from an address over its limit, because users may
/// share the address.
/// </summary>
public sealed class RateLimits(IConfiguration configuration, TimeProvider clock)
{
    public const string StatusHeader = "RateLimit";
    public const string PolicyHeader = "RateLimit-Policy";

    internal const string ReadsPolicy = "reads";
    internal const int DefaultReads = 1_200;

    // No user has this id: the warm-up's requests take their way through the limits, but count for nobody.
    private const string NoUser = "";

    // GET and HEAD, per user.
    private readonly FixedWindowCounter<string> _reads =
        new(ReadsPolicy, GetQuota(configuration, SettingKeys.ReadsPerMinute, DefaultReads), clock);

    // All other methods, per user.
    private readonly FixedWindowCounter<string> _writes = new("writes", GetQuota(configuration, SettingKeys.WritesPerMinute, 120), clock);

    // Without a valid token, per address.
    private readonly FixedWindowCounter<UInt128> _anonymous =
        new("anonymous", GetQuota(configuration, SettingKeys.AnonymousRequestsPerMinute, 60), clock);

    internal (string Policy, RateLimitStatus Status) CountRequest(HttpContext context)
    {
        if (context.User.GetUserId() is not { } userId)
        {
            return (_anonymous.Header, _anonymous.Increment(GetPartitionKey(context.Connection.RemoteIpAddress ?? IPAddress.None)));
        }

        var counter = context.Request.IsSafeMethod() ? _reads : _writes;
        return (counter.Header, counter.Increment(context.IsWarmUp() ? NoUser : userId));
    }

    // The whole address of IPv4; the /64 network of IPv6, because a client usually controls all addresses of it.
    internal static UInt128 GetPartitionKey(IPAddress address)
    {
        var ipv6Address = address.MapToIPv6();
        var bits = BinaryPrimitives.ReadUInt128BigEndian(ipv6Address.GetAddressBytes());
        return ipv6Address.IsIPv4MappedToIPv6 ? bits : bits >> 64;
    }

    private static int GetQuota(IConfiguration configuration, string key, int defaultValue) =>
        configuration.GetInt32(key, defaultValue, min: 1, max: 100_000_000);
}

internal static class RateLimitingExtensions
{
    private static readonly PathString LimitedPath = "/api";

    // Behind authentication, which sets the user, and before authorization, which responds with 401.
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, IConfiguration configuration)
    {
        var limits = new RateLimits(configuration, app.ApplicationServices.GetRequiredService<TimeProvider>());
        if (!configuration.GetBoolean(SettingKeys.RateLimitEnabled, defaultValue: true))
        {
            return app;
        }

        return app.Use(async (context, next) =>
        {
            // Probes and the documentation are not limited.
            if (!context.Request.Path.StartsWithSegments(LimitedPath, StringComparison.OrdinalIgnoreCase))
            {
                await next(context);
                return;
            }

            var (policy, status) = limits.CountRequest(context);

            // When the response starts, because the exception handler clears headers that were set earlier.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[RateLimits.PolicyHeader] = policy;
                context.Response.Headers[RateLimits.StatusHeader] = status.Header;
                return Task.CompletedTask;
            });

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

        if (context.User.GetUserId() is null)
        {
            // The result of the request's authentication, which has run already.
            var failure = (await context.AuthenticateAsync()).Failure;
            if (failure is IssuerUnavailableException)
            {
                return false;
            }

            // The challenge handler, which records other failures, does not run for a rejected request.
            AuthenticationFailure.Record(failure);
        }

        return true;
    }
}
