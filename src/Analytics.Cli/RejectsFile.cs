using System.CommandLine;
using Analytics.Application.Imports;

namespace Analytics.Cli;

/// <summary>Where rejected lines are named: a file, or standard error. Never their content.</summary>
internal sealed class RejectsFile(TextWriter writer) : IDisposable
{
    public static Option<string?> Option { get; } = new("--rejects")
    {
        Description = "Where rejected lines are named, by number, task and reason; standard error unless given.",
        HelpName = "FILE",
    };

    public static RejectsFile Open(ParseResult arguments) => new(arguments.GetValue(Option) is { } path ? new StreamWriter(path) : Console.Error);

    public static void WriteTo(TextWriter writer, RejectedLine line) =>
        writer.WriteLine(line.Id is null ? $"line {line.Number}: {line.Reason}" : $"line {line.Number}: {line.Id}: {line.Reason}");

    public void Write(RejectedLine line) => WriteTo(writer, line);

    public void Dispose()
    {
        if (writer != Console.Error)
        {
            writer.Dispose();
        }
    }
}
