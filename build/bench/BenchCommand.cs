using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Analytics.Bench;

/// <summary>What can be asked of the bench.</summary>
internal static class BenchCommand
{
    private static readonly Option<int[]> Sizes = new("--sizes")
    {
        Description = "How many tasks the databases hold, separated by commas.",
        HelpName = "N,N",
        DefaultValueFactory = _ => [.. Plan.Whole.Sizes],
        CustomParser = ParseSizes,
    };

    private static readonly Option<int> Rounds = AtLeast(
        Plan.LeastRounds, new("--rounds") { Description = "How often everything is measured; medians count.", DefaultValueFactory = _ => Plan.Whole.Rounds });

    private static readonly Option<int> Seconds = AtLeast(
        1, new("--seconds") { Description = "How long one measurement of a server takes.", DefaultValueFactory = _ => Plan.Whole.Seconds });

    private static readonly Option<bool> Quick = new("--quick") { Description = "Shows that the bench works: little of everything, and only errors fail." };

    public static RootCommand Create(Func<Plan, CancellationToken, Task<int>> measure)
    {
        var root = new RootCommand("Measures the service against the least that could do the same. The table holds ratios only.") { Sizes, Rounds, Seconds, Quick, Yardstick.Command() };
        root.SetAction(async (arguments, cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Plan.LongestRun);
            return await measure(PlanOf(arguments), limit.Token);
        });
        return root;
    }

    private static Plan PlanOf(ParseResult arguments) => arguments.GetValue(Quick)
        ? Plan.Quick
        : new Plan(arguments.GetRequiredValue(Sizes), arguments.GetRequiredValue(Rounds), arguments.GetRequiredValue(Seconds), IsQuick: false);

    private static int[] ParseSizes(ArgumentResult argument)
    {
        var sizes = argument.Tokens[0].Value.Split(',')
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)
            .Order()
            .ToArray();
        if (sizes[0] < Catalogue.Organisations)
        {
            argument.AddError($"--sizes are numbers of tasks, at least {Catalogue.Organisations}, separated by commas.");
        }

        return sizes;
    }

    private static Option<int> AtLeast(int least, Option<int> option)
    {
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < least)
            {
                given.AddError($"{option.Name} must be at least {least}.");
            }
        });
        return option;
    }
}
