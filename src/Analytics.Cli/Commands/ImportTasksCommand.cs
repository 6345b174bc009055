using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Domain.Organisations;

namespace Analytics.Cli.Commands;

internal static class ImportTasksCommand
{
    private const string Unpod = "unpod";
    private const string Native = "native";

    private static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "unpod: mongoexport of the platform's tasks. native: the service's own JSON lines; needs --organisation.",
        DefaultValueFactory = _ => Unpod,
    }.AcceptOnlyFromAmong(Unpod, Native);

    private static readonly Option<string?> Organisation =
        new("--organisation") { Description = "The organisation of the tasks.", HelpName = "HANDLE" };

    private static readonly Option<string> ProductId = new("--product")
    {
        Description = "The product of tasks that name none.",
        HelpName = "ID",
        DefaultValueFactory = _ => Product.Default,
    };

    public static Command Create() => new Command("tasks", "Imports tasks, in whole batches: an interrupted import can be run again.")
        {
            InputFile.Argument("One JSON document a line"),
            Format,
            Organisation,
            ProductId,
            RejectsFile.Option,
            RejectsFile.Force,
        }
        .WithDatabase(async (run, cancellationToken) =>
        {
            var format = await FormatAsync(run.Arguments, run.Get<SpaceReader>(), cancellationToken);
            using var file = await InputFile.OpenAsync(run, cancellationToken);
            using var rejects = RejectsFile.Open(run);
            var import = run.Get<TaskImporter>();

            // Also before the import, because a killed import writes no other record.
            run.Audit.Write("import started", $"format {run.Arguments.GetRequiredValue(Format)}");
            using var audit = run.Audit.BeginImport("tasks imported");
            try
            {
                var counts = await ImportProgress.ShowAsync(run.Context, file, onLine =>
                    import.RunAsync(file.Text, format, rejects.Write, audit.Add, onLine, cancellationToken));
                PrintIgnoredValues(run, format);
                return run.PrintSummary($"{counts.Written}", counts.Rejected);
            }
            catch (InvalidDataException exception)
            {
                throw new UsageException($"{exception.Message} Committed before: {audit.Total}. Correct the file and import it again.");
            }
        });

    // Language models write the content of output, so that its errors are counted instead of rejecting the line.
    private static void PrintIgnoredValues(CommandRun run, ITaskFormat format)
    {
        if (format is UnpodFormat { IgnoredValues: { Count: > 0 } ignored })
        {
            run.Output.WriteLine("ignored values: " + string.Join(", ", ignored.Select(field => $"{field.Key} {field.Value}")));
        }
    }

    private static async Task<ITaskFormat> FormatAsync(ParseResult arguments, SpaceReader spaces, CancellationToken cancellationToken)
    {
        var product = arguments.GetRequiredValue(ProductId);
        if (!Product.IsValid(product))
        {
            throw new UsageException($"--product {Product.ValidationMessage}");
        }

        var organisationId = arguments.GetValue(Organisation) is { } handle
            ? (await OrganisationOption.FindAsync(handle, spaces, cancellationToken)).Id
            : default(long?);
        return (arguments.GetRequiredValue(Format), organisationId) switch
        {
            (Native, { } id) => new NativeFormat(id, await spaces.ReadAsync(id, cancellationToken), product),
            (Native, null) => throw new UsageException("--format native needs --organisation: its lines do not name one."),
            _ => new UnpodFormat(await spaces.ReadAllAsync(cancellationToken), product, organisationId),
        };
    }
}
