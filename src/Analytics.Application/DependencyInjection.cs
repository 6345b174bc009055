using System.Reflection;
using Analytics.Application.Administration;
using Analytics.Application.Analytics.Definitions;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.ListTasks;
using Analytics.Application.Auditing;
using Analytics.Application.Demo;
using Analytics.Application.Imports;
using Analytics.Application.Organisations;
using Analytics.Application.Periods;
using Analytics.Application.Pipeline;
using Analytics.Application.Tasks;
using Analytics.Application.Tasks.PushTasks;
using Analytics.Application.Verification;
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
    /// <param name="keptAnswers">How many answers are kept in memory; 0 is none.</param>
    /// <param name="questions">How many questions may be at work on the database.</param>
    /// <param name="writes">How many writes may be.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services, string? autoMapperLicenseKey, int keptAnswers, Places questions, Places writes)
    {
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<CurrentOrganisation>();
        services.AddScoped<OneVersion>();
        services.AddScoped<ReadPlannedNumbers>();
        services.AddSingleton<LastSeenIds>();
        services.AddSingleton<VersionWatch>();
        services.AddSingleton(_ => new KeptAnswers(keptAnswers));
        services.AddSingleton(_ => new DatabasePlaces(questions, writes));

        // In running order, each with the status that it produces.
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AnswerInTime<,>));        // 503, for a question
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(RequireCaller<,>));       // 401
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(Validation<,>));          // 400
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TakePlace<,>));           // 503
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ResolveOrganisation<,>)); // 404
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(RequireWriter<,>));       // 403, for a change
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TakeTurn<,>));            // 503, for a change
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TagAnswer<,>));           // 304, for a question
        if (keptAnswers > 0)
        {
            services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AnswerCache<,>));     // 200, for a repeated question
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
    public static IServiceCollection AddWriting(this IServiceCollection services) => services
        .AddSingleton<AuditLog>()
        .AddSingleton<WriteTransactions>()
        .AddSingleton<SpaceCatalogue>()
        .AddSingleton<WriteTasks>()
        .AddSingleton<ImportOrganisations>()
        .AddSingleton<ImportSpaces>()
        .AddSingleton<ImportMembers>()
        .AddSingleton<ImportTasks>()
        .AddSingleton<ManageMembers>()
        .AddSingleton<ManageSpaces>()
        .AddSingleton<ManageOrganisations>()
        .AddSingleton<PurgeTasks>()
        .AddSingleton<EraseOrganisation>()
        .AddSingleton<FillPeriods>()
        .AddSingleton<RecountPeriods>()
        .AddSingleton<VerifyRollups>()
        .AddSingleton<DemoData>();
}
