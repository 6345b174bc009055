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
using Analytics.Application.Reporting;
using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.GetDefinitions;
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Application;

/// <summary>Registers the use cases, and the behaviors that run before the handler of an organisation-scoped request.</summary>
public static class DependencyInjection
{
    // A response cache of size 0 is disabled, and concurrent queries are computed one by one.
    public static IServiceCollection AddApplication(
        this IServiceCollection services,
        string? autoMapperLicenseKey,
        int responseCacheSize,
        ConcurrencyLimit readLimit,
        ConcurrencyLimit writeLimit)
    {
        // MediatR 5.1 has no registration of its own, so the mediator, the behaviors and the handlers are registered one by one.
        // They are transient, because they have no state and a request uses each once: a scope would lock, and look for what it has.
        services.AddTransient<IMediator, Mediator>();
        services.AddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<CurrentOrganisation>();
        services.AddScoped<CurrentPushBody>();
        services.AddScoped<RequestDeadline>();
        services.AddScoped<ConsistentReader>();
        services.AddScoped<AnalyticsReader>();
        services.AddSingleton(ExaminationLimit.Default);
        services.AddSingleton<OrganisationLookups>();
        services.AddSingleton<OrganisationVersionPoller>();
        services.AddSingleton(_ => new ResponseCache(responseCacheSize));
        services.AddSingleton<SharedComputations>();
        services.AddSingleton<BodyMemoryBudget>();
        services.AddSingleton(_ => new DatabaseConcurrencyLimiter(readLimit, writeLimit, AnalyticsMetrics.TrackQueued));

        // In running order, each with the status that it produces.
        AddBehavior(typeof(TimeoutBehavior<,>)); // 503
        AddBehavior(typeof(AuthenticationBehavior<,>)); // 401
        AddBehavior(typeof(ValidationBehavior<,>)); // 400
        AddBehavior(typeof(OrganisationResolutionBehavior<,>)); // 404
        AddBehavior(typeof(WriteAuthorizationBehavior<,>)); // 403, for a command
        AddBehavior(typeof(ETagBehavior<,>)); // 304, for a query
        if (responseCacheSize > 0)
        {
            AddBehavior(typeof(ResponseCacheBehavior<,>)); // 200, for a repeated or concurrent query
        }

        services.AddTransient<IPipelineBehavior<PushTasksCommand, PushTasksResponse>, PushBodyBehavior>(); // 413 and 400, for a push
        AddBehavior(typeof(ConcurrencyLimitBehavior<,>)); // 503

        services.AddTransient<IRequestHandler<GetDefinitionsQuery, DefinitionsResponse>, GetDefinitionsHandler>();
        services.AddTransient<IRequestHandler<ListOrganisationsQuery, ListOrganisationsResponse>, ListOrganisationsHandler>();
        services.AddTransient<IRequestHandler<ListSpacesQuery, Versioned<ListSpacesResponse>>, ListSpacesHandler>();
        services.AddTransient<IRequestHandler<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>, GetAnalyticsHandler>();
        services.AddTransient<IRequestHandler<ListTasksQuery, Versioned<ListTasksResponse>>, ListTasksHandler>();
        services.AddTransient<IRequestHandler<ExportTasksQuery, Versioned<TaskExport>>, ExportTasksHandler>();
        services.AddTransient<IRequestHandler<PushTasksCommand, PushTasksResponse>, PushTasksHandler>();

        services.AddValidatorsFromAssembly(Assembly.GetExecutingAssembly(), ServiceLifetime.Singleton);
        services.AddAutoMapper(configuration => configuration.LicenseKey = autoMapperLicenseKey, Assembly.GetExecutingAssembly());
        return services;

        void AddBehavior(Type behavior) => services.AddTransient(typeof(IPipelineBehavior<,>), behavior);
    }

    // Also for the operator's commands.
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
        .AddSingleton<RollupRepair>()
        .AddSingleton<RollupVerifier>()
        .AddSingleton<DemoCatalogue>()
        .AddSingleton<DemoData>()
        .AddSingleton<NorthwindData>();
}
