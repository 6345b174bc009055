using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.Cli;

/// <summary>Gives a command its action.</summary>
internal static class CommandRunner
{
    /// <summary>Runs over an up-to-date database.</summary>
    public static Command WithDatabase(this Command command, Func<CommandRun, CancellationToken, Task<int>> action) =>
        command.HandleErrors(async (run, cancellationToken) =>
        {
            var database = run.ReadSettings().GetDatabaseSettings();
            new Migrator(database).RequireCurrent();
            run.OpenDatabase(database);
            return await action(run, cancellationToken);
        });

    /// <summary>Runs over the organisation that <see cref="OrganisationOption.Required"/> names.</summary>
    public static Command WithOrganisation(this Command command, Func<CommandRun, NamedOrganisation, CancellationToken, Task<int>> action)
    {
        command.Options.Insert(0, OrganisationOption.Required);
        return command.WithDatabase(async (run, cancellationToken) =>
        {
            var handle = run.Arguments.GetRequiredValue(OrganisationOption.Required);
            return await action(
                run, await OrganisationOption.FindAsync(handle, run.Get<SpaceReader>(), cancellationToken), cancellationToken);
        });
    }

    /// <summary>Runs without a database. An error that the operator can correct becomes one sentence.</summary>
    public static Command HandleErrors(this Command command, Func<CommandRun, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var run = new CommandRun(arguments);
            try
            {
                return await action(run, cancellationToken);
            }
            catch (Exception exception) when (SentenceFor(exception, cancellationToken.IsCancellationRequested) is { } sentence)
            {
                run.Context.Error.WriteLine(sentence);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static string? SentenceFor(Exception exception, bool isCancelled) => exception switch
    {
        _ when SettingErrors.Describe(exception) is { } sentence => sentence,
        UsageException or IOException or UnauthorizedAccessException or InvalidDataException
            or RollupCorruptedException => exception.Message,
        OrganisationNotFoundException => "The organisation was erased meanwhile.",
        DbException database when !isCancelled && !DatabaseErrors.IsTransient(database) =>
            $"The database failed: {exception.Message} What was committed stays.",
        DbException when !isCancelled =>
            $"The database failed: {exception.Message} What was committed stays; run the command again to complete it.",
        OperationCanceledException or DbException => "Stopped. What was committed stays; run the command again to complete it.",
        _ => null,
    };
}

/// <summary>An argument or the input of a command is invalid.</summary>
internal sealed class UsageException(string message) : Exception(message);
