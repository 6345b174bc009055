using System.CommandLine;
using Analytics.Application.Imports;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class ImportSpacesCommand
{
    private static readonly string[] Columns = ["id", "space_organization_id", "name", "token", "content_type", "status"];

    public static Command Create()
    {
        var command = new Command("spaces", "Inserts and updates spaces.") { InputFile.Argument("CSV with the columns " + string.Join(", ", Columns)) };
        command.SetAction(Operation.OverDatabase(async (arguments, services, cancellationToken) =>
        {
            using var file = InputFile.Open(arguments);
            var rows = CsvRows.Read(file.Text, Columns, (line, field) =>
                new SpaceRow(line, field("id"), field("space_organization_id"), field("name"), field("token"), field("content_type"), field("status")));
            var counts = await services.GetRequiredService<ImportSpaces>().RunAsync(rows, line => RejectsFile.WriteTo(Console.Error, line), cancellationToken);
            return Summary.Print(counts);
        }));
        return command;
    }
}
