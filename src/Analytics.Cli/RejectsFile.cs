using System.CommandLine;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Cli;

/// <summary>Where rejected lines are named: a file, or standard error. Never their content.</summary>
internal sealed class RejectsFile(TextWriter? writer) : IDisposable
{
    public static Option<string?> Option { get; } = new("--rejects")
    {
        Description = "Where rejected lines are named, by number, task and reason; standard error unless given.",
        HelpName = "FILE",
    };

    public static RejectsFile Open(ParseResult arguments) => new(arguments.GetValue(Option) is { } path ? Create(path) : null);

    /// <summary>Alone: the file that is imported is open, and must not be emptied by a slip.</summary>
    private static StreamWriter Create(string path) =>
        path.Length == 0 ? throw new UsageException("--rejects is empty.") : new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None });

    /// <summary>Names a line on standard error.</summary>
    public static void WriteToStandardError(RejectedLine line) => StandardError.Write(Describe(line));

    public void Write(RejectedLine line)
    {
        if (writer is null)
        {
            WriteToStandardError(line);
        }
        else
        {
            writer.WriteLine(Describe(line));
        }
    }

    public void Dispose() => writer?.Dispose();

    private static string Describe(RejectedLine line) =>
        line.Id is null ? $"line {line.Number}: {line.Reason}" : $"line {line.Number}: {line.Id}: {line.Reason}";
}
