using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Cli.Commands;

internal static class ImportMembersCommand
{
    private static readonly string[] Columns = ["organization_id", "user_id", "role"];
    private static readonly Option<bool> Keep = new("--keep") { Description = "Only adds: members that the file does not name stay." };

    public static Command Create() => new Command("members", "Makes the file the truth about the members of every organisation in it.") { InputFile.CsvArgument(Columns), Keep }
        .WithDatabase(async (run, cancellationToken) =>
        {
            using var file = InputFile.Open(run);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new MemberRow(line.Number, line["organization_id"], line["user_id"], line["role"]) { ParseError = line.ParseError });
            var rejected = 0;
            var changes = new List<MemberChanges>();
            await run.Get<MemberImporter>().RunAsync(rows, run.Arguments.GetValue(Keep), Reject, Report, cancellationToken);
            run.Output.WriteLine($"{Describe([.. changes])}, rejected {rejected}");
            return rejected == 0 ? ExitCode.Success : ExitCode.SomeRejected;

            void Reject(RejectedLine line)
            {
                rejected++;
                run.Reject(line);
            }

            // One by one: of an import that is stopped, what was committed stays.
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
