using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class ImportMembersCommand
{
    private static readonly string[] Columns = ["organization_id", "user_id", "role"];

    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Only adds: members that the file does not name stay." };
        var command = new Command("members", "Makes the file the truth about the members of every organisation in it.")
        {
            InputFile.Argument("CSV with the columns " + string.Join(", ", Columns)),
            keep,
        };
        command.SetAction(CommandRunner.WithDatabase(async (arguments, services, cancellationToken) =>
        {
            using var file = InputFile.Open(arguments);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new MemberRow(line.Number, line["organization_id"], line["user_id"], line["role"]) { ParseError = line.ParseError });
            var rejected = 0;
            var changes = new List<MemberChanges>();
            await services.GetRequiredService<MemberImporter>().RunAsync(rows, arguments.GetValue(keep), Reject, Report, cancellationToken);
            Console.WriteLine($"added {changes.Sum(change => change.Added.Count)}, removed {changes.Sum(change => change.Removed.Count)}, changed {changes.Sum(change => change.Changed.Count)}, unchanged {changes.Sum(change => change.Unchanged)}, rejected {rejected}");
            return rejected == 0 ? ExitCode.Success : ExitCode.SomeRejected;

            void Reject(RejectedLine line)
            {
                rejected++;
                RejectsFile.WriteToStandardError(line);
            }

            // One by one: of an import that is stopped, what was committed stays.
            void Report(MemberChanges change)
            {
                changes.Add(change);
                Print(change);
                services.WriteAudit(
                    "members imported",
                    change.OrganisationId,
                    $"added {change.Added.Count}, removed {change.Removed.Count}, changed {change.Changed.Count}, unchanged {change.Unchanged}");
            }
        }));
        return command;
    }

    private static void Print(MemberChanges change)
    {
        foreach (var (verb, users) in new[] { ("added", change.Added), ("removed", change.Removed), ("changed", change.Changed) })
        {
            if (users.Count > 0)
            {
                Console.WriteLine($"organisation {change.OrganisationId}: {verb} {string.Join(", ", users)}");
            }
        }

        if (change.RetainedDueToRejects > 0)
        {
            Console.WriteLine($"organisation {change.OrganisationId}: {change.RetainedDueToRejects} members that the file does not name stay, since some of its rows were rejected");
        }
    }
}
