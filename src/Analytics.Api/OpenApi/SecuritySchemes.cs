using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class SecuritySchemes
{
    public const string Jwt = "jwt";
    private const string Bearer = "bearer";

    public static Dictionary<string, IOpenApiSecurityScheme> All => new(StringComparer.Ordinal)
    {
        [Jwt] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = HeaderNames.Authorization,
            Description = "The word `jwt` (in any case), a space and the token: `Authorization: jwt <token>`.",
        },
        [Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The same token with the standard scheme: `Authorization: Bearer <token>`.",
        },
    };

    // Either scheme is accepted.
    public static IList<OpenApiSecurityRequirement>? GetRequirements(IList<object> endpointMetadata, OpenApiDocument document) =>
        endpointMetadata.OfType<IAuthorizeData>().Any() ? [CreateRequirement(Jwt, document), CreateRequirement(Bearer, document)] : null;

    private static OpenApiSecurityRequirement CreateRequirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
