using System.CommandLine;
using Analytics.Application.Rollups;

namespace Analytics.Cli.Commands;

internal static class VerifyCommand
{
    private static readonly Option<bool> Repair = new("--repair") { Description = "Applies the outcome rules again to the kept labels and rewrites the rollup where it differs." };

    public static Command Create() => new Command("verify", "Recounts the numbers from the tasks and names each difference. The service may go on meanwhile.") { Repair }
        .WithDatabase(async (run, cancellationToken) =>
        {
            var isRepair = run.Arguments.GetValue(Repair);
            var (organisations, unclean) = (0, 0);
            await foreach (var recount in run.Get<RollupVerifier>().RunAsync(isRepair, cancellationToken))
            {
                organisations++;
                unclean += recount.IsClean ? 0 : 1;
                Print(run.Output, recount, isRepair);
                if (isRepair && !recount.IsClean)
                {
                    run.Audit.Write(
                        "numbers repaired",
                        recount.OrganisationId,
                        $"tasks {recount.Tasks}, totals {recount.Differences.Count}, periods {recount.DifferentRollups}, outcomes {recount.OutcomeMismatches}");
                }
            }

            run.Audit.Write(isRepair ? "numbers verified and repaired" : "numbers verified", $"organisations {organisations}, different {unclean}");
            return unclean == 0 || isRepair ? ExitCode.Success : ExitCode.Failed;
        });

    private static void Print(TextWriter output, VerificationResult recount, bool isRepair)
    {
        foreach (var difference in recount.Differences)
        {
            output.WriteLine(
                $"{recount.Handle}: space {difference.SpaceId}, product {difference.ProductId}: {difference.Measure} is {difference.Stored}, its tasks say {difference.Recounted}");
        }

        if (recount.DifferentRollups is null)
        {
            output.WriteLine($"{recount.Handle}: its rollups are not backfilled yet");
        }
        else if (recount.DifferentRollups > 0)
        {
            output.WriteLine($"{recount.Handle}: {recount.DifferentRollups} rollups differ from their tasks");
        }

        if (recount.OutcomeMismatches > 0)
        {
            output.WriteLine($"{recount.Handle}: {recount.OutcomeMismatches} tasks are stored with another outcome than the rules give");
        }

        var verdict = recount.IsClean ? "the numbers are those of the tasks" : isRepair ? "repaired" : "the numbers are not those of the tasks: run verify --repair";
        output.WriteLine($"{recount.Handle}: {recount.Tasks} tasks, {verdict}");
    }
}
