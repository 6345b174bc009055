using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Cli;

/// <summary>Lists rejected lines in a file or on standard error, without their content.</summary>
internal sealed class RejectsFile(CommandContext context, TextWriter? file = null) : IDisposable
{
    public static Option<string?> Option { get; } = new("--rejects")
    {
        Description = "The file that lists rejected lines by number, task and reason. The default is standard error.",
        HelpName = "FILE",
    };

    public static RejectsFile Open(CommandRun run) => new(run.Context, run.Arguments.GetValue(Option) is { } path ? Create(path) : null);

    public void Write(RejectedLine line)
    {
        var text = line.Id is null ? $"line {line.Number}: {line.Reason}" : $"line {line.Number}: {line.Id}: {line.Reason}";
        if (file is null)
        {
            context.Error.WriteLine(text);
        }
        else
        {
            file.WriteLine(text);
        }
    }

    public void Dispose() => file?.Dispose();

    // FileShare.None: the input file is open already, so naming it here by mistake fails instead of truncating it.
    private static StreamWriter Create(string path) => path.Length == 0
        ? throw new UsageException("--rejects is empty.")
        : new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None });
}
