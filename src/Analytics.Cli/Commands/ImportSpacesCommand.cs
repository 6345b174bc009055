using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class ImportSpacesCommand
{
    private static readonly string[] Columns = ["id", "space_organization_id", "name", "token", "content_type", "status"];

    public static Command Create()
    {
        var command = new Command("spaces", "Inserts and updates spaces.") { InputFile.Argument("CSV with the columns " + string.Join(", ", Columns)) };
        command.SetAction(CommandRunner.WithDatabase(async (arguments, services, cancellationToken) =>
        {
            using var file = InputFile.Open(arguments);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new SpaceRow(line.Number, line["id"], line["space_organization_id"], line["name"], line["token"], line["content_type"], line["status"]) { ParseError = line.ParseError });
            using var audit = new ImportAudit(services, "spaces imported");
            return Summary.Print(await services.GetRequiredService<SpaceImporter>().RunAsync(rows, RejectsFile.WriteToStandardError, audit.Add, cancellationToken));
        }));
        return command;
    }
}
