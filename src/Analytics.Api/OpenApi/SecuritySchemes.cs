using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class SecuritySchemes
{
    public const string Jwt = "jwt";
    public const string Bearer = "bearer";

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

    // Either scheme is accepted. Generators for clients use the first.
    public static IList<OpenApiSecurityRequirement> CreateRequirements(OpenApiDocument document) =>
        [CreateRequirement(Bearer, document), CreateRequirement(Jwt, document)];

    /// <summary>None for an anonymous route; null if those of the document apply.</summary>
    public static IList<OpenApiSecurityRequirement>? GetRequirements(IList<object> endpointMetadata) =>
        endpointMetadata.OfType<IAuthorizeData>().Any() ? null : [];

    private static OpenApiSecurityRequirement CreateRequirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
