using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Cli.Commands;

internal static class ImportOrganisationsCommand
{
    private static readonly string[] Columns = ["id", "name", "domain_handle", "status"];

    public static Command Create() => new Command("organisations", "Inserts and updates organisations.") { InputFile.CsvArgument(Columns) }
        .WithDatabase(async (run, cancellationToken) =>
        {
            using var file = InputFile.Open(run);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new OrganisationRow(line.Number, line["id"], line["name"], line["domain_handle"], line["status"]) { ParseError = line.ParseError });
            using var audit = run.Audit.BeginImport("organisations imported");
            return Summary.Print(run.Output, await run.Get<OrganisationImporter>().RunAsync(rows, run.Reject, audit.Add, cancellationToken));
        });
}
