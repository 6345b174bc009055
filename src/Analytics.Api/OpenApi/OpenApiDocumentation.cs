using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Scalar.AspNetCore;

namespace Analytics.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and its Scalar page at <c>/docs</c>.</summary>
internal static class OpenApiDocumentation
{
    public static IServiceCollection AddDocumentation(this IServiceCollection services) => services
        .Configure<MvcOptions>(mvc => mvc.Conventions.Add(new IncludeAllControllers()))
        .AddSingleton<CachedDocument>()
        .AddOpenApi(CachedDocument.DocumentName, options =>
        {
            options.CreateSchemaReferenceId = SchemaNames.Get;
            options
                .AddSchemaTransformer(SchemaTransformers.SetRanges)
                .AddOperationTransformer<OperationTransformer>()
                .AddDocumentTransformer(SchemaTransformers.SetEnums)
                .AddDocumentTransformer(SchemaTransformers.SetNullability)
                .AddDocumentTransformer(DocumentTransformer.TransformAsync);
        });

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapGet("/openapi/v1.json", app.Services.GetRequiredService<CachedDocument>().GetAsync).ExcludeFromDescription();
        app.MapScalarApiReference("/docs", (options, http) => options
            .WithTitle(DocumentTransformer.Title)
            .WithNonce(SetSecurityHeaders(http.Response))
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools()
            .PreserveSchemaPropertyOrder()
            .DisableRequiredPropertiesFirst()
            // Takes the pasted token without a scheme, and sends it as Bearer. Requests go to the origin of the page.
            .AddPreferredSecuritySchemes(SecuritySchemes.Bearer)
            .AddServer("/")
            .WithDynamicBaseServerUrl());
    }

    // The browser runs only the page's own scripts, which carry the nonce, and blocks their requests to other origins.
    private static string SetSecurityHeaders(HttpResponse response)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        response.Headers.ContentSecurityPolicy =
            $"default-src 'self' data: blob:; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        return nonce;
    }

    // By default, controllers without [ApiController] are not documented.
    private sealed class IncludeAllControllers : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application) => application.ApiExplorer.IsVisible = true;
    }
}
