using System.CommandLine;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;

namespace Analytics.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Creates the database or brings its schema up to date. Safe to run twice, and by several at once.");
        command.SetAction(Operation.Guarded(async (_, cancellationToken) =>
        {
            var applied = await new Migrator(DatabaseSettings.From(Operation.Settings())).MigrateAsync(cancellationToken);
            Console.WriteLine(applied == 0 ? "The database is up to date." : $"The database is up to date: {applied} migrations applied.");
            return ExitCode.Done;
        }));
        return command;
    }
}
