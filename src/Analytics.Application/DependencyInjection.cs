using System.Reflection;
using Analytics.Application.Administration;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Demo;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.GetDefinitions;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Application;

/// <summary>The use cases, and what every organisation-scoped request passes on its way to its handler.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the use cases that HTTP dispatches.</summary>
    /// <param name="services">The services.</param>
    /// <param name="autoMapperLicenseKey">AutoMapper's licence key, if there is one.</param>
    /// <param name="responseCacheSize">How many answers are kept in memory; 0 is none.</param>
    /// <param name="readLimit">How many questions may be at work on the database.</param>
    /// <param name="writeLimit">How many writes may be.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services, string? autoMapperLicenseKey, int responseCacheSize, ConcurrencyLimit readLimit, ConcurrencyLimit writeLimit)
    {
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<CurrentOrganisation>();
        services.AddScoped<ConsistentReader>();
        services.AddScoped<AnalyticsReader>();
        services.AddSingleton<HandleCache>();
        services.AddSingleton<OrganisationVersionPoller>();
        services.AddSingleton(_ => new ResponseCache(responseCacheSize));
        services.AddSingleton(_ => new DatabaseConcurrencyLimiter(readLimit, writeLimit));

        // In running order, each with the status that it produces.
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TimeoutBehavior<,>));        // 503, for a question
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AuthenticationBehavior<,>));       // 401
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));          // 400
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ConcurrencyLimitBehavior<,>));           // 503
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(OrganisationResolutionBehavior<,>)); // 404
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(WriteAuthorizationBehavior<,>));       // 403, for a change
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(OrganisationWriteQueueBehavior<,>));            // 503, for a change
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ETagBehavior<,>));           // 304, for a question
        if (responseCacheSize > 0)
        {
            services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ResponseCacheBehavior<,>));     // 200, for a repeated question
        }

        services.AddScoped<IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>, GetDefinitionsHandler>();
        services.AddScoped<IRequestHandler<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>, GetAnalyticsHandler>();
        services.AddScoped<IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>, ListTasksHandler>();
        services.AddScoped<IRequestHandler<ExportTasksQuery, Versioned<TaskExport>>, ExportTasksHandler>();
        services.AddScoped<IRequestHandler<PushTasksCommand, PushTasksResponse>, PushTasksHandler>();

        services.AddValidatorsFromAssembly(Assembly.GetExecutingAssembly(), ServiceLifetime.Singleton);
        services.AddAutoMapper(configuration => configuration.LicenseKey = autoMapperLicenseKey, Assembly.GetExecutingAssembly());
        return services;
    }

    /// <summary>Adds the use cases that write and check, for the service and the operator's commands alike.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services) => services
        .AddSingleton<AuditLog>()
        .AddSingleton<WriteTransactionRunner>()
        .AddSingleton<SpaceReader>()
        .AddSingleton<TaskWriter>()
        .AddSingleton<OrganisationImporter>()
        .AddSingleton<SpaceImporter>()
        .AddSingleton<MemberImporter>()
        .AddSingleton<TaskImporter>()
        .AddSingleton<ManageMembers>()
        .AddSingleton<ManageSpaces>()
        .AddSingleton<ManageOrganisations>()
        .AddSingleton<PurgeTasks>()
        .AddSingleton<EraseOrganisation>()
        .AddSingleton<RollupBackfill>()
        .AddSingleton<RollupRecount>()
        .AddSingleton<RollupVerifier>()
        .AddSingleton<DemoData>();
}
