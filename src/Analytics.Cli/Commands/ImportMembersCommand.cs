using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Cli.Commands;

internal static class ImportMembersCommand
{
    private static readonly string[] Columns = ["organization_id", "user_id", "role"];

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Also removes the members that the file lacks from each organisation in the file.",
    };

    private static readonly Option<bool> Yes = new("--yes")
    {
        Description =
            "With --replace: also where that removes more than a fifth of an organisation's members, or leaves it without an owner.",
    };

    private static readonly Option<bool> LiteralIds = new("--literal-ids")
    {
        Description = "Accepts user ids such as 7.0 or 1.23E+15, which are otherwise rejected as altered by a spreadsheet.",
    };

    public static Command Create() => new Command("members", "Adds members and changes roles.")
        {
            InputFile.CsvArgument(Columns), Replace, Yes, LiteralIds,
        }
        .WithDatabase(async (run, cancellationToken) =>
        {
            var options = new MemberImportOptions
            {
                Replace = run.Arguments.GetValue(Replace),
                AllowLargeRemovals = run.Arguments.GetValue(Yes),
                LiteralIds = run.Arguments.GetValue(LiteralIds),
            };
            using var file = await InputFile.OpenAsync(run, cancellationToken);
            var rows = CsvRows.Read(
                file.Text,
                Columns,
                line => new MemberRow(line.Number, line["organization_id"], line["user_id"], line["role"], line.ParseError),
                mustBeComplete: options.Replace);
            var changes = new List<MemberChanges>();
            var rejected = await run.Get<MemberImporter>().RunAsync(rows, options, run.Reject, Report, cancellationToken);
            var exitCode = run.PrintSummary(Describe([.. changes]), rejected);
            return changes.Exists(change => change.RejectionReason is not null) ? ExitCode.Failed : exitCode;

            // Each organisation when it is committed, because a stopped import keeps what was committed.
            void Report(MemberChanges change)
            {
                changes.Add(change);
                run.Audit.Write("members imported", change.OrganisationId, Describe(change));
                Print(run.Context, change);
            }
        });

    private static string Describe(params MemberChanges[] changes) =>
        $"added {changes.Sum(change => change.Added.Count)}, removed {changes.Sum(change => change.Removed.Count)}, "
        + $"changed {changes.Sum(change => change.Changed.Count)}, unchanged {changes.Sum(change => change.Unchanged)}";

    private static void Print(CommandContext context, MemberChanges change)
    {
        foreach (var (verb, users) in new[] { ("added", change.Added), ("removed", change.Removed), ("changed", change.Changed) })
        {
            if (users.Count > 0)
            {
                context.Output.WriteLine($"organisation {change.OrganisationId}: {verb} {string.Join(", ", users)}");
            }
        }

        if (change.RetainedDueToRejects > 0)
        {
            context.Output.WriteLine(
                $"organisation {change.OrganisationId}: {change.RetainedDueToRejects} members that the file does not name stay, since some of its rows were rejected");
        }

        if (change.RejectionReason is not null)
        {
            context.Error.WriteLine(
                $"organisation {change.OrganisationId}: nothing was changed, because --replace {change.RejectionReason}: check the file, then add --yes.");
        }
    }
}
