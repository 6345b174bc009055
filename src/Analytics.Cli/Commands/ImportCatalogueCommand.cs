using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Cli.Commands;

/// <summary>Imports organisations, or spaces.</summary>
internal static class ImportCatalogueCommand
{
    public static Command Organisations() => Create(
        "organisations",
        ["id", "name", "domain_handle", "status"],
        line => new OrganisationRow(line.Number, line["id"], line["name"], line["domain_handle"], line["status"], line.ParseError),
        (run, rows, onWritten, token) => run.Get<OrganisationImporter>().RunAsync(rows, run.Reject, onWritten, token));

    public static Command Spaces() => Create(
        "spaces",
        ["id", "space_organization_id", "name", "token", "content_type", "status"],
        line => new SpaceRow(
            line.Number, line["id"], line["space_organization_id"], line["name"], line["token"], line["content_type"], line["status"],
            line.ParseError, line["slug"]),
        (run, rows, onWritten, token) => run.Get<SpaceImporter>().RunAsync(rows, run.Reject, onWritten, token));

    private static Command Create<TRow>(
        string name,
        string[] columns,
        Func<CsvLine, TRow> toRow,
        Func<CommandRun, IReadOnlyList<TRow>, Action<long, WriteCounts>, CancellationToken, Task<CatalogueCounts>> import) =>
        new Command(name, $"Inserts and updates {name}.") { InputFile.CsvArgument(columns) }.WithDatabase(async (run, cancellationToken) =>
        {
            using var file = await InputFile.OpenAsync(run, cancellationToken);
            var rows = CsvRows.Read(file.Text, columns, toRow);
            using var audit = run.Audit.BeginImport($"{name} imported");
            var counts = await import(run, rows, audit.Add, cancellationToken);
            run.Output.WriteLine("status: " + string.Join(", ", counts.Statuses.Select(
                status => $"{(status.Key.Length == 0 ? "(none)" : status.Key)} {status.Value}")));
            return run.PrintSummary($"{counts.Written}", counts.Rejected);
        });
}
