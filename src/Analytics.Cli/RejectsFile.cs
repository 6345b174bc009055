using System.CommandLine;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Cli;

/// <summary>Where rejected lines are named: a file, or standard error. Never their content.</summary>
internal sealed class RejectsFile(CommandContext context, TextWriter? file = null) : IDisposable
{
    public static Option<string?> Option { get; } = new("--rejects")
    {
        Description = "Where rejected lines are named, by number, task and reason; standard error unless given.",
        HelpName = "FILE",
    };

    public static RejectsFile Open(CommandRun run) => new(run.Context, run.Arguments.GetValue(Option) is { } path ? Create(path) : null);

    public void Write(RejectedLine line)
    {
        var text = line.Id is null ? $"line {line.Number}: {line.Reason}" : $"line {line.Number}: {line.Id}: {line.Reason}";
        if (file is null)
        {
            context.WriteError(text);
        }
        else
        {
            file.WriteLine(text);
        }
    }

    public void Dispose() => file?.Dispose();

    // Unshared: the imported file is open already, so naming it here by mistake fails instead of truncating it.
    private static StreamWriter Create(string path) => path.Length == 0
        ? throw new UsageException("--rejects is empty.")
        : new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None });
}
