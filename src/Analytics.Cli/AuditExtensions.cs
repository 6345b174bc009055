using Analytics.Application.Observability;
using Analytics.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analytics.Cli;

/// <summary>Says on standard error who did what, in one line for each organisation that it was done to.</summary>
internal static class AuditExtensions
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton(new Actor($"operator {Environment.UserName}", Guid.NewGuid().ToString("N")))
        .AddSingleton<ILogger<AuditLog>, AuditLines>();

    /// <summary>Records what was done to an organisation.</summary>
    public static void WriteAudit(this IServiceProvider services, string action, long organisationId, string counts) =>
        services.GetRequiredService<AuditLog>().Record(services.GetRequiredService<Actor>(), action, organisationId, counts);

    /// <summary>Records what was done to no one organisation.</summary>
    public static void WriteAudit(this IServiceProvider services, string action, string counts) =>
        services.GetRequiredService<AuditLog>().Record(services.GetRequiredService<Actor>(), action, counts);

    private sealed class AuditLines(TimeProvider clock) : ILogger<AuditLog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            StandardError.Write($"{Timestamp.Now(clock)} {formatter(state, exception)}");
    }
}
