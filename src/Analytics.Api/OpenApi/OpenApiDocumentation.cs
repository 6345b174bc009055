using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Scalar.AspNetCore;

namespace Analytics.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and its Scalar page at <c>/docs</c>.</summary>
internal static class OpenApiDocumentation
{
    // Makes the browser block all requests of the page's script to other origins.
    private const string CspMeta =
        """<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' data: blob:" />""";

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
            // Takes the pasted token without a scheme, and sends it as Bearer. Requests go to the origin of the page.
            .AddPreferredSecuritySchemes(SecuritySchemes.Bearer)
            .AddServer("/")
            .WithDynamicBaseServerUrl());
    }

    // By default, controllers without [ApiController] are not documented.
    private sealed class IncludeAllControllers : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application) => application.ApiExplorer.IsVisible = true;
    }
}
