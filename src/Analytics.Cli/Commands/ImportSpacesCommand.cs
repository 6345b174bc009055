using System.CommandLine;
using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Cli.Commands;

internal static class ImportSpacesCommand
{
    private static readonly string[] Columns = ["id", "space_organization_id", "name", "token", "content_type", "status"];

    public static Command Create() => new Command("spaces", "Inserts and updates spaces.") { InputFile.CsvArgument(Columns) }
        .WithDatabase(async (run, cancellationToken) =>
        {
            using var file = InputFile.Open(run);
            var rows = CsvRows.Read(file.Text, Columns, line =>
                new SpaceRow(line.Number, line["id"], line["space_organization_id"], line["name"], line["token"], line["content_type"], line["status"])
                {
                    ParseError = line.ParseError,
                });
            using var audit = run.Audit.BeginImport("spaces imported");
            return Summary.Print(run.Output, await run.Get<SpaceImporter>().RunAsync(rows, run.Reject, audit.Add, cancellationToken));
        });
}
