using System.CommandLine;
using System.Data.Common;
using Analytics.Application;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli;

/// <summary>What a command runs in: the settings, and the use cases over the database that they name.</summary>
internal static class CommandRunner
{
    private const string EnvironmentKey = "DOTNET_ENVIRONMENT";

    /// <summary>The settings: environment variables and, in Development, the defaults.</summary>
    public static IConfiguration Settings()
    {
        var builder = new ConfigurationBuilder().AddEnvironmentVariables();
        var configuration = builder.Build();
        if (configuration[EnvironmentKey] == "Development")
        {
            DevelopmentDefaults.AddTo(builder, configuration);
        }

        return builder.Build();
    }

    /// <summary>Runs a command over an up-to-date database.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> WithDatabase(Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> run) =>
        HandleErrors(async (arguments, cancellationToken) =>
        {
            var database = DatabaseSettings.From(Settings());
            new Migrator(database).RequireCurrent();
            await using var services = Services(database);
            return await run(arguments, services, cancellationToken);
        });

    /// <summary>Runs a command over one organisation of an up-to-date database: the one that <see cref="OrganisationOption.Required"/> names.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> WithOrganisation(
        Func<ParseResult, IServiceProvider, NamedOrganisation, CancellationToken, Task<int>> run) =>
        WithDatabase(async (arguments, services, cancellationToken) =>
        {
            var handle = arguments.GetRequiredValue(OrganisationOption.Required);
            var organisation = await OrganisationOption.FindAsync(handle, services.GetRequiredService<SpaceReader>(), cancellationToken);
            return await run(arguments, services, organisation, cancellationToken);
        });

    /// <summary>The use cases over a database.</summary>
    public static ServiceProvider Services(DatabaseSettings database) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddDatabase(database)
        .AddIngestion()
        .AddAudit()
        .BuildServiceProvider();

    /// <summary>Turns what an operator can mend into a sentence.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> HandleErrors(Func<ParseResult, CancellationToken, Task<int>> run) =>
        async (arguments, cancellationToken) =>
        {
            try
            {
                return await run(arguments, cancellationToken);
            }
            catch (Exception exception) when (exception is ConfigurationException or UsageException or IOException or UnauthorizedAccessException or InvalidDataException or RollupCorruptedException)
            {
                StandardError.Write(exception.Message);
            }
            catch (OrganisationNotFoundException)
            {
                StandardError.Write("The organisation was erased meanwhile.");
            }
            catch (DbException exception) when (!cancellationToken.IsCancellationRequested)
            {
                StandardError.Write($"The database failed: {exception.Message} What was committed stays; run the command again to complete it.");
            }
            catch (Exception exception) when (exception is OperationCanceledException or DbException)
            {
                StandardError.Write("Stopped. What was committed stays; run the command again to complete it.");
            }

            return ExitCode.Failed;
        };
}

/// <summary>A command was asked for something that it cannot do.</summary>
internal sealed class UsageException(string message) : Exception(message);
