using Analytics.Application.Administration;
using Analytics.Application.Ingestion;

namespace Analytics.Cli.Commands;

internal static class PurgeTasksCommand
{
    private static readonly Option<string?> BeforeOption = new("--before")
    {
        Description = "Only tasks that were created before this day or time (ISO 8601, in UTC if it has no zone). The default is all.",
        HelpName = "DATE",
    };

    public static Command Create() =>
        new Command("purge",
            "Deletes tasks of an organisation and updates its rollups, in whole batches. If it is killed, run it again: it continues.") {
                BeforeOption }
        .WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var before = ParseBefore(run.Arguments.GetValue(BeforeOption));
            var counts = WriteCounts.None;

            // Also before the purge, because a killed command writes no other record.
            run.Audit.Write("purge started", organisation.Id, $"created before {before?.ToString() ?? "now"}");
            try
            {
                await foreach (var batch in run.Get<PurgeTasks>().RunAsync(organisation.Id, before, cancellationToken))
                {
                    counts += batch;
                }
            }
            finally
            {
                // Also after a failure, because committed batches stay.
                run.Audit.Write("tasks purged", organisation.Id, $"deleted {counts.Updated}, unchanged {counts.Unchanged}");
            }

            run.Output.WriteLine($"{organisation.Handle}: deleted {counts.Updated}, unchanged {counts.Unchanged}");
            return ExitCode.Success;
        });

    private static Timestamp? ParseBefore(string? given) => given is null
        ? null
        : PurgeTasks.ParseBefore(given)
            ?? throw new UsageException("--before must be a day or a time in ISO 8601, such as 2026-01-31 or 2026-01-31T12:00:00Z.");
}
