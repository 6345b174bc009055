using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Health;
using Analytics.Api.RequestBodies;
using Analytics.Api.Streaming;
using Analytics.Application.Requests;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Analytics.Api.Hosting;

/// <summary>How controllers bind and write, and the limits that they apply.</summary>
internal static class MvcSetup
{
    /// <summary>Text as it is: no answer is ever a part of a page.</summary>
    private static readonly JavaScriptEncoder JsonEncoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static IServiceCollection AddControllersWithJson(this IServiceCollection services)
    {
        services
            .AddSingleton<DatabaseReadiness>()
            .AddSingleton<StreamConcurrencyLimiter>()
            .AddSingleton<ExportConcurrencyLimiter>()
            .AddSingleton<BodyMemoryBudget>()
            .AddSingleton<AnalyticsStreamService>()
            .AddControllers(mvc =>
            {
                mvc.ModelBinderProviders.Insert(0, new RawQueryBinder());

                // Its properties are no parameters: the documentation has a table of those.
                mvc.ModelMetadataDetailsProviders.Add(new BindingSourceMetadataProvider(typeof(RawQuery), BindingSource.Special));

                // It reads the query by itself.
                mvc.ValueProviderFactories.Clear();

                // Only UTF-8, whatever Accept-Charset says.
                foreach (var formatter in mvc.OutputFormatters.OfType<TextOutputFormatter>())
                {
                    formatter.SupportedEncodings.Remove(Encoding.Unicode);
                }
            })
            .AddJsonOptions(options =>
            {
                options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
                options.JsonSerializerOptions.Encoder = JsonEncoder;
            });

        // What is written outside of controllers (errors, the OpenAPI document) follows the other options.
        // Strict, because the document would otherwise call each number a string too.
        return services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.Encoder = JsonEncoder;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
    }
}
