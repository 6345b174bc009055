using System.Buffers;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

/// <summary>Serves every route below <c>PathBase</c> too, for a proxy that passes its own prefix on.</summary>
internal static class PathBaseSetup
{
    private static readonly SearchValues<char> SegmentCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-");

    public static IApplicationBuilder UseConfiguredPathBase(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (configuration[SettingKeys.PathBase] is not { Length: > 0 } pathBase)
        {
            return app;
        }

        var isValid = pathBase[0] == '/' && pathBase[1..].Split('/').All(IsSegment);
        return isValid
            ? app.UsePathBase(pathBase)
            : throw new ConfigurationException($"{SettingKeys.PathBase} must be a path such as /analytics, without a slash at its end.");
    }

    private static bool IsSegment(string text) =>
        text is not ("" or "." or "..") && !text.AsSpan().ContainsAnyExcept(SegmentCharacters);
}
