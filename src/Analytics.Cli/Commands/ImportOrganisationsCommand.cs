using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class ImportOrganisationsCommand
{
    private static readonly string[] Columns = ["id", "name", "domain_handle", "status"];

    public static Command Create()
    {
        var command = new Command("organisations", "Inserts and updates organisations.") { InputFile.Argument("CSV with the columns " + string.Join(", ", Columns)) };
        command.SetAction(CommandRunner.WithDatabase(async (arguments, services, cancellationToken) =>
        {
            using var file = InputFile.Open(arguments);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new OrganisationRow(line.Number, line["id"], line["name"], line["domain_handle"], line["status"]) { ParseError = line.ParseError });
            using var audit = new ImportAudit(services, "organisations imported");
            return Summary.Print(await services.GetRequiredService<OrganisationImporter>().RunAsync(rows, RejectsFile.WriteToStandardError, audit.Add, cancellationToken));
        }));
        return command;
    }
}
