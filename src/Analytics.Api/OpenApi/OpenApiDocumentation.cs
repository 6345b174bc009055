using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Scalar.AspNetCore;

namespace Analytics.Api.OpenApi;

/// <summary>The contract for machines at <c>/openapi/v1.json</c>, and the page for people at <c>/docs</c>.</summary>
internal static class OpenApiDocumentation
{
    /// <summary>The browser itself then refuses whatever the page's script may ever want from elsewhere.</summary>
    private const string CspMeta =
        """<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' data: blob:" />""";

    public static IServiceCollection AddDocumentation(this IServiceCollection services) => services
        .Configure<MvcOptions>(mvc => mvc.Conventions.Add(new IncludeAllControllers()))
        .AddSingleton<CachedDocument>()
        .AddOpenApi(CachedDocument.DocumentName, options => options
            .AddSchemaTransformer(SchemaTransformers.SetRanges)
            .AddOperationTransformer<OperationTransformer>()
            .AddDocumentTransformer(DocumentTransformer.TransformAsync)
            .AddDocumentTransformer(SchemaTransformers.SetNullability));

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapGet("/openapi/v1.json", app.Services.GetRequiredService<CachedDocument>().GetAsync).ExcludeFromDescription();
        app.MapScalarApiReference("/docs", options => options
            .WithTitle(DocumentTransformer.Title)
            .AddHeadContent(CspMeta)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools()
            .PreserveSchemaPropertyOrder()
            .DisableRequiredPropertiesFirst()
            .AddPreferredSecuritySchemes(SecuritySchemes.Jwt)
            // The token is pasted behind it, and asked of the address that the page came from.
            .AddApiKeyAuthentication(SecuritySchemes.Jwt, scheme => scheme.Value = "jwt ")
            .AddServer("/")
            .WithDynamicBaseServerUrl());
    }

    /// <summary>Controllers without <c>[ApiController]</c> are left out of the document unless this says otherwise.</summary>
    private sealed class IncludeAllControllers : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application) => application.ApiExplorer.IsVisible = true;
    }
}
