using Analytics.Application.Rollups;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Migrations;

namespace Analytics.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Create() =>
        new Command("migrate",
            "Creates the database or migrates its schema, and rebuilds stale rollups. Idempotent, also when several run at once; the service stays available.")
        .HandleErrors(async (run, cancellationToken) =>
        {
            var database = run.ReadSettings().GetDatabaseSettings();
            run.OpenDatabase(database);
            var (applied, backfilled) = await new Migrator(database).MigrateAsync(run.Get<RollupBackfill>(), cancellationToken);
            run.Audit.Write("database migrated", $"migrations {applied}, organisations backfilled {backfilled}");
            run.Output.WriteLine((applied, backfilled) switch
            {
                (0, 0) => "The database is up to date.",
                (_, 0) => $"The database is up to date: {applied} migrations applied.",
                _ => $"The database is up to date: {applied} migrations applied, the rollups of {backfilled} organisations backfilled.",
            });
            return ExitCode.Success;
        });
}
