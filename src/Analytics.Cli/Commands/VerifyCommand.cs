using System.CommandLine;
using Analytics.Application.Rollups;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var repair = new Option<bool>("--repair") { Description = "Applies the outcome rules again to the kept labels and rewrites the rollup where it differs." };
        var command = new Command("verify", "Recounts the numbers from the tasks and names each difference. The service may go on meanwhile.") { repair };
        command.SetAction(CommandRunner.WithDatabase(async (arguments, services, cancellationToken) =>
        {
            var isRepair = arguments.GetValue(repair);
            var (organisations, unclean) = (0, 0);
            await foreach (var recount in services.GetRequiredService<RollupVerifier>().RunAsync(isRepair, cancellationToken))
            {
                organisations++;
                unclean += recount.IsClean ? 0 : 1;
                Print(recount, isRepair);
                if (isRepair && !recount.IsClean)
                {
                    services.WriteAudit("numbers repaired", recount.OrganisationId, $"tasks {recount.Tasks}, totals {recount.Differences.Count}, periods {recount.DifferentRollups}, outcomes {recount.OutcomeMismatches}");
                }
            }

            services.WriteAudit(isRepair ? "numbers verified and repaired" : "numbers verified", $"organisations {organisations}, different {unclean}");
            return unclean == 0 || isRepair ? ExitCode.Success : ExitCode.Failed;
        }));
        return command;
    }

    private static void Print(VerificationResult recount, bool isRepair)
    {
        foreach (var difference in recount.Differences)
        {
            Console.WriteLine($"{recount.Handle}: space {difference.SpaceId}, product {difference.ProductId}: {difference.Measure} is {difference.Stored}, its tasks say {difference.Recounted}");
        }

        if (recount.DifferentRollups is null)
        {
            Console.WriteLine($"{recount.Handle}: its tasks are not counted by time yet");
        }
        else if (recount.DifferentRollups > 0)
        {
            Console.WriteLine($"{recount.Handle}: {recount.DifferentRollups} stretches of time are not what their tasks say");
        }

        if (recount.OutcomeMismatches > 0)
        {
            Console.WriteLine($"{recount.Handle}: {recount.OutcomeMismatches} tasks are kept with another outcome than the rules give");
        }

        var verdict = recount.IsClean ? "the numbers are those of the tasks" : isRepair ? "repaired" : "the numbers are not those of the tasks: run verify --repair";
        Console.WriteLine($"{recount.Handle}: {recount.Tasks} tasks, {verdict}");
    }
}
