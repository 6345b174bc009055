using System.CommandLine;
using Analytics.Application.Rollups;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Creates the database or brings it up to date: its schema, and what of its numbers is not counted yet. Safe to run twice, and by several at once; the service may go on.");
        command.SetAction(CommandRunner.HandleErrors(async (_, cancellationToken) =>
        {
            var database = DatabaseSettings.From(CommandRunner.Settings());
            var applied = await new Migrator(database).MigrateAsync(cancellationToken);
            await using var services = CommandRunner.Services(database);
            var filled = await services.GetRequiredService<RollupBackfill>().RunAsync(cancellationToken);
            services.WriteAudit("database migrated", $"migrations {applied}, periods of organisations filled {filled}");
            Console.WriteLine((applied, filled) switch
            {
                (0, 0) => "The database is up to date.",
                (_, 0) => $"The database is up to date: {applied} migrations applied.",
                _ => $"The database is up to date: {applied} migrations applied, the periods of {filled} organisations filled.",
            });
            return ExitCode.Success;
        }));
        return command;
    }
}
