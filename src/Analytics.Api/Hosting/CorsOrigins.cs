using Analytics.Api.RateLimiting;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Analytics.Api.Hosting;

/// <summary>Allows cross-origin requests from the origins in <c>Cors:Origins</c>; there are none by default.</summary>
internal static class CorsOrigins
{
    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Authorization, ParameterNames.OrgHandle, ParameterNames.ProductId, HeaderNames.ContentType,
        HeaderNames.ContentEncoding, HeaderNames.IfNoneMatch, ParameterNames.LastEventId, ResponseHeaders.RequestId,
    ];

    private static readonly string[] ExposedHeaders =
    [
        HeaderNames.ETag, HeaderNames.Link, HeaderNames.RetryAfter, ResponseHeaders.RequestId, RateLimits.StatusHeader,
        RateLimits.PolicyHeader, HeaderNames.ContentDisposition, HeaderNames.WWWAuthenticate,
    ];

    public static IServiceCollection AddCorsOrigins(this IServiceCollection services, IConfiguration configuration)
    {
        var origins = configuration.GetOrigins(SettingKeys.CorsOrigins);
        return services.AddTransient<ICorsService, SingleVaryCorsService>().AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post)
            .WithHeaders(RequestHeaders)
            .WithExposedHeaders(ExposedHeaders)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    // Controllers set Vary: Origin on every response, also without an Origin header. CorsService would add it again.
    private sealed class SingleVaryCorsService(IOptions<CorsOptions> options, ILoggerFactory loggers) : CorsService(options, loggers)
    {
        public override void ApplyResult(CorsResult result, HttpResponse response)
        {
            result.VaryByOrigin &= response.Headers.Vary.Count == 0;
            base.ApplyResult(result, response);
        }
    }
}
