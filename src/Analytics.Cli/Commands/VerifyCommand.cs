using Analytics.Application.Administration;
using Analytics.Application.Rollups;

namespace Analytics.Cli.Commands;

internal static class VerifyCommand
{
    private static readonly Option<bool> Repair =
        new("--repair") { Description = "Re-applies the outcome rules to the stored labels and rewrites the rollups that differ." };

    public static Command Create() =>
        new Command("verify", "Recounts the rollups from the tasks and names each difference. The service stays available.") { Repair }
        .WithDatabase(async (run, cancellationToken) =>
        {
            var isRepair = run.Arguments.GetValue(Repair);
            var (organisations, inconsistent) = (0, 0);
            await foreach (var recount in run.Get<RollupVerifier>().RunAsync(isRepair, cancellationToken))
            {
                organisations++;
                inconsistent += recount.IsClean ? 0 : 1;
                if (isRepair && !recount.IsClean)
                {
                    run.Audit.Write(
                        "rollups repaired",
                        recount.OrganisationId,
                        $"tasks {recount.Tasks}, totals {recount.Differences.Count}, rollups {recount.DifferentRollups}, outcomes {recount.OutcomeMismatches}");
                }

                Print(run.Output, recount, isRepair);
            }

            run.Audit.Write(isRepair ? "rollups verified and repaired" : "rollups verified",
                $"organisations {organisations}, inconsistent {inconsistent}");
            return organisations == 0 ? await ReportNoneAsync(run, cancellationToken)
                : inconsistent == 0 || isRepair ? ExitCode.Success
                : ExitCode.Failed;
        });

    // Scripts rely on the exit code: that nothing was verified must not look like that nothing is wrong.
    private static async Task<int> ReportNoneAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var stored = (await run.Get<ManageOrganisations>().ListAsync(cancellationToken)).Count;
        run.Output.WriteLine(stored == 0
            ? "There are no organisations."
            : $"None of {stored} organisations was verified: their versions are missing from the database.");
        return stored == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Print(TextWriter output, VerificationResult recount, bool isRepair)
    {
        foreach (var difference in recount.Differences)
        {
            output.WriteLine(
                $"{recount.Handle}: space {difference.SpaceId}, product {difference.ProductId}: {difference.Measure} is {difference.Stored}, recounted {difference.Recounted}");
        }

        if (recount.DifferentRollups is null)
        {
            output.WriteLine($"{recount.Handle}: its rollups are stale");
        }
        else if (recount.DifferentRollups > 0)
        {
            output.WriteLine($"{recount.Handle}: {recount.DifferentRollups} rollups differ from their tasks");
        }

        if (recount.OutcomeMismatches > 0)
        {
            output.WriteLine($"{recount.Handle}: {recount.OutcomeMismatches} tasks are stored with another outcome than the rules give");
        }

        var result = recount.IsClean ? "consistent" : isRepair ? "repaired" : "inconsistent: run verify --repair";
        output.WriteLine($"{recount.Handle}: {recount.Tasks} tasks, {result}");
    }
}
