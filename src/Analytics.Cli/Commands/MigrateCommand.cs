using System.CommandLine;
using Analytics.Application.Rollups;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Migrations;

namespace Analytics.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create() => new Command("migrate", "Creates the database or brings it up to date: its schema, and what of its numbers is not counted yet. Safe to run twice, and by several at once; the service may go on.")
        .HandleErrors(async (run, cancellationToken) =>
        {
            var database = run.Context.ReadSettings().GetDatabaseSettings();
            var applied = await new Migrator(database).MigrateAsync(cancellationToken);
            run.OpenDatabase(database);
            var filled = await run.Get<RollupBackfill>().RunAsync(cancellationToken);
            run.Audit.Write("database migrated", $"migrations {applied}, organisations backfilled {filled}");
            run.Output.WriteLine((applied, filled) switch
            {
                (0, 0) => "The database is up to date.",
                (_, 0) => $"The database is up to date: {applied} migrations applied.",
                _ => $"The database is up to date: {applied} migrations applied, the rollups of {filled} organisations backfilled.",
            });
            return ExitCode.Success;
        });
}
