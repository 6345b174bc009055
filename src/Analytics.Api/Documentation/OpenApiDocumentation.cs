using Scalar.AspNetCore;

namespace Analytics.Api.Documentation;

internal static class OpenApiDocumentation
{
    public static IServiceCollection AddDocumentation(this IServiceCollection services) => services.AddOpenApi("v1");

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", options => options.DisableDefaultFonts());
    }
}
