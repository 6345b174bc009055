using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Analytics.Bench;

internal static class BenchCommand
{
    private static readonly Option<int[]> Sizes = new("--sizes")
    {
        Description = "The number of tasks of each database, separated by commas.",
        HelpName = "N,N",
        DefaultValueFactory = _ => [.. Plan.Whole.Sizes],
        CustomParser = ParseSizes,
    };

    private static readonly Option<int> Rounds = AtLeast(
        Plan.MinRounds, new(
            "--rounds") { Description = "The number of rounds. The table shows medians.", DefaultValueFactory = _ => Plan.Whole.Rounds });

    private static readonly Option<int> Seconds = AtLeast(
        1, new("--seconds") {
            Description = "The duration of one measurement of a server.", DefaultValueFactory = _ => Plan.Whole.Seconds });

    private static readonly Option<bool> Quick =
        new("--quick") { Description = "Only checks that the bench works: short measurements, and only errors fail." };

    private static readonly Option<int> Minutes = AtLeast(
        1, new("--minutes") {
            Description = "The duration of the soak.", DefaultValueFactory = _ => (int)LoadPlan.Whole.Soak.TotalMinutes });

    public static RootCommand Create(
        Func<Plan, CancellationToken, Task<int>> measure, Func<Plan, CancellationToken, Task<int>> queries,
        Func<Plan, CancellationToken, Task<int>> callers,
        Func<Plan, CancellationToken, Task<int>> bulk,
        Func<LoadPlan, CancellationToken, Task<int>> soak,
        Func<LoadPlan, CancellationToken, Task<int>> overload, Func<LoadPlan, CancellationToken, Task<int>> fairness)
    {
        var root = new RootCommand("Compares the service with a minimal endpoint. The table contains only ratios.") {
            Sizes, Rounds, Seconds, Quick, Baseline.Command() };
        SetAction(root, PlanOf, measure);

        var querying = new Command("queries", "Measures dashboard queries only, on the largest database.") { Sizes, Rounds, Seconds, Quick };
        SetAction(querying, PlanOf, queries);
        root.Add(querying);

        var calling = new Command(
            "callers", "Measures a repeated query of one caller and of 200, with and without response cache and access log.") {
            Rounds, Seconds, Quick };
        SetAction(calling, PlanOf, callers);
        root.Add(calling);

        var writing = new Command("bulk", "Measures bulk writes only: rows per second, as a share of a plain insert's.") { Quick };
        SetAction(writing, arguments => arguments.GetValue(Quick) ? Plan.Quick : Plan.Whole, bulk);
        root.Add(writing);

        var soaking = new Command("soak", "Loads the service with reads and writes at 70 % of its capacity.") { Minutes, Quick };
        SetAction(soaking, arguments =>
            LoadPlanOf(arguments, whole => whole with { Soak = TimeSpan.FromMinutes(arguments.GetRequiredValue(Minutes)) }), soak);
        root.Add(soaking);

        var overloading = new Command("overload", "Loads the service with reads and writes at three times its capacity.") { Quick };
        SetAction(overloading, arguments => LoadPlanOf(arguments, whole => whole), overload);
        root.Add(overloading);

        var fair = new Command(
            "fairness", "Measures other tenants' requests beside a tenant that scans, exports, imports and verifies.") { Quick };
        SetAction(fair, arguments => LoadPlanOf(arguments, whole => whole), fairness);
        root.Add(fair);
        return root;
    }

    private static void SetAction<TPlan>(Command command, Func<ParseResult, TPlan> planOf, Func<TPlan, CancellationToken, Task<int>> run) =>
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Plan.MaxRunTime);
            return await run(planOf(arguments), limit.Token);
        });

    private static LoadPlan LoadPlanOf(ParseResult arguments, Func<LoadPlan, LoadPlan> change) =>
        arguments.GetValue(Quick) ? LoadPlan.Quick : change(LoadPlan.Whole);

    private static Plan PlanOf(ParseResult arguments) => arguments.GetValue(Quick)
        ? Plan.Quick
        : new Plan(arguments.GetValue(Sizes) ?? Plan.Whole.Sizes, arguments.GetRequiredValue(Rounds), arguments.GetRequiredValue(Seconds),
            IsQuick: false);

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

    private static Option<int> AtLeast(int min, Option<int> option)
    {
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < min)
            {
                given.AddError($"{option.Name} must be at least {min}.");
            }
        });
        return option;
    }
}
