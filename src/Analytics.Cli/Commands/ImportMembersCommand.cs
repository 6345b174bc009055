using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Cli.Commands;

internal static class ImportMembersCommand
{
    private static readonly string[] Columns = ["organization_id", "user_id", "role"];
    private static readonly Option<bool> Keep = new("--keep") { Description = "Only adds: members that the file does not name stay." };

    public static Command Create() =>
        new Command("members", "Replaces the members of every organisation in the file.") { InputFile.CsvArgument(Columns), Keep }
        .WithDatabase(async (run, cancellationToken) =>
        {
            using var file = InputFile.Open(run);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new MemberRow(line.Number, line["organization_id"], line["user_id"], line["role"], line.ParseError));
            var changes = new List<MemberChanges>();
            var rejected = await run.Get<MemberImporter>()
                .RunAsync(rows, run.Arguments.GetValue(Keep), run.Reject, Report, cancellationToken);
            return run.PrintSummary(Describe([.. changes]), rejected);

            // Each organisation when it is committed, because a stopped import keeps what was committed.
            void Report(MemberChanges change)
            {
                changes.Add(change);
                Print(run.Output, change);
                run.Audit.Write("members imported", change.OrganisationId, Describe(change));
            }
        });

    private static string Describe(params MemberChanges[] changes) =>
        $"added {changes.Sum(change => change.Added.Count)}, removed {changes.Sum(change => change.Removed.Count)}, "
        + $"changed {changes.Sum(change => change.Changed.Count)}, unchanged {changes.Sum(change => change.Unchanged)}";

    private static void Print(TextWriter output, MemberChanges change)
    {
        foreach (var (verb, users) in new[] { ("added", change.Added), ("removed", change.Removed), ("changed", change.Changed) })
        {
            if (users.Count > 0)
            {
                output.WriteLine($"organisation {change.OrganisationId}: {verb} {string.Join(", ", users)}");
            }
        }

        if (change.RetainedDueToRejects > 0)
        {
            output.WriteLine(
                $"organisation {change.OrganisationId}: {change.RetainedDueToRejects} members that the file does not name stay, since some of its rows were rejected");
        }
    }
}
