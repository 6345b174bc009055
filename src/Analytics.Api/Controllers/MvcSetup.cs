using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Analytics.Api.Health;
using Analytics.Api.RateLimiting;
using Analytics.Api.Streaming;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.ListTasks;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Analytics.Api.Controllers;

/// <summary>Registers the controllers, their JSON options and the limiters that they use.</summary>
internal static class MvcSetup
{
    // Does not escape HTML: responses are never embedded in a page.
    private static readonly JavaScriptEncoder JsonEncoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static IServiceCollection AddControllersWithJson(this IServiceCollection services)
    {
        services
            .AddSingleton<DatabaseReadiness>()
            .AddSingleton<StreamConcurrencyLimiter>()
            .AddSingleton<AnalyticsStreamService>()
            .AddControllers(mvc =>
            {
                mvc.ModelBinderProviders.Insert(0, new RawQueryBinder());

                // Otherwise the OpenAPI document would list the properties of RawQuery as parameters.
                mvc.ModelMetadataDetailsProviders.Add(new BindingSourceMetadataProvider(typeof(RawQuery), BindingSource.Special));

                // The pipeline validates it. MVC would look at each of its properties, for each request.
                mvc.ModelMetadataDetailsProviders.Add(new SuppressChildValidationMetadataProvider(typeof(RawQuery)));

                // RawQueryBinder reads the query string itself.
                mvc.ValueProviderFactories.Clear();

                // Only UTF-8, also if Accept-Charset names another encoding.
                foreach (var formatter in mvc.OutputFormatters.OfType<TextOutputFormatter>())
                {
                    formatter.SupportedEncodings.Remove(Encoding.Unicode);
                }
            })
            .AddJsonOptions(options =>
            {
                options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
                options.JsonSerializerOptions.Encoder = JsonEncoder;
                options.JsonSerializerOptions.TypeInfoResolver =
                    options.JsonSerializerOptions.TypeInfoResolver!.WithAddedModifier(OmitUnrequested);
            });

        // Errors and the OpenAPI document are written outside MVC, with these options.
        // Strict, because the OpenAPI document would otherwise list "string" as a type of every number.
        return services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.Encoder = JsonEncoder;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
    }

    // JsonIgnore omits a property by its value only, but these can be null where they are requested.
    private static void OmitUnrequested(JsonTypeInfo type)
    {
        if (type.Type == typeof(ListTasksResponse))
        {
            var total = type.Properties.Single(property => property.Name == "total");
            total.ShouldSerialize = (page, _) => ((ListTasksResponse)page).HasTotal;
        }

        if (type.Type == typeof(GroupRow))
        {
            var change = type.Properties.Single(property => property.Name == "change_percent");
            change.ShouldSerialize = (row, _) => ((GroupRow)row).ChangePoints is not null;
        }
    }
}
