using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Analytics.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, and its Scalar page at <c>/docs</c>.</summary>
internal static class OpenApiDocumentation
{
    private const string DocumentName = "v1";

    // Makes the browser block all requests of the page's script to other origins.
    private const string CspMeta =
        """<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' data: blob:" />""";

    public static IServiceCollection AddDocumentation(this IServiceCollection services) => services
        .Configure<MvcOptions>(mvc => mvc.Conventions.Add(new IncludeAllControllers()))
        .AddOpenApi(DocumentName, options => options
            .AddSchemaTransformer(SchemaTransformers.SetRanges)
            .AddOperationTransformer<OperationTransformer>()
            .AddDocumentTransformer(DocumentTransformer.TransformAsync)
            .AddDocumentTransformer(SchemaTransformers.SetNullability));

    public static void MapDocumentation(this WebApplication app)
    {
        // Generated once: that is slow, and the route is anonymous.
        var json = new Lazy<Task<string>>(() => GenerateAsync(app.Services));
        app.MapGet("/openapi/v1.json", async () => TypedResults.Text(await json.Value, "application/json; charset=utf-8"))
            .ExcludeFromDescription();
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
            // Prefix for the pasted token. Requests go to the origin of the page.
            .AddApiKeyAuthentication(SecuritySchemes.Jwt, scheme => scheme.Value = "jwt ")
            .AddServer("/")
            .WithDynamicBaseServerUrl());
    }

    private static async Task<string> GenerateAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName)
            .GetOpenApiDocumentAsync(CancellationToken.None);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
    }

    // By default, controllers without [ApiController] are not documented.
    private sealed class IncludeAllControllers : IApplicationModelConvention
    {
        public void Apply(ApplicationModel application) => application.ApiExplorer.IsVisible = true;
    }
}
