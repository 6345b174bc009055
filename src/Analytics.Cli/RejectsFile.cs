using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Infrastructure;

namespace Analytics.Cli;

/// <summary>Lists rejected lines in a file or on standard error, without their content.</summary>
internal sealed class RejectsFile(CommandContext context, TextWriter? file = null) : IDisposable
{
    private const string NullDevice = "/dev/null";

    // SQLite keeps a part of a database in files beside it.
    private static readonly string[] DatabaseSuffixes = ["-wal", "-shm", "-journal"];

    public static Option<string?> Option { get; } = new("--rejects")
    {
        Description = "The new file that lists rejected lines by number, task and reason. The default is standard error.",
        HelpName = "FILE",
    };

    public static Option<bool> Force { get; } = new("--force")
    {
        Description = "With --rejects: replaces the file if it exists. A database is never replaced.",
    };

    public static RejectsFile Open(CommandRun run) =>
        new(run.Context, run.Arguments.GetValue(Option) is { } path ? Open(path, run.Arguments.GetValue(Force)) : null);

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

    private static StreamWriter Open(string path, bool force)
    {
        if (path.Length == 0)
        {
            throw new UsageException("--rejects is empty.");
        }

        if (IsPartOfDatabase(path))
        {
            throw new UsageException("--rejects names a file that SQLite keeps beside a database.");
        }

        return new StreamWriter(File.Exists(path) ? OpenExisting(path, force) : Create(path));
    }

    // By its name: closing the database, if it was opened to look into it, would release the locks that SQLite holds.
    private static bool IsPartOfDatabase(string path)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        return Array.Find(DatabaseSuffixes, suffix => target.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix
            && File.Exists(target[..^suffix.Length]);
    }

    private static FileStream Create(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }.CreatePrivate());

    // FileShare.None: the input file is open already, so naming it here by mistake fails instead of truncating it.
    private static FileStream OpenExisting(string path, bool force)
    {
        var existing = new FileStream(
            path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.None });
        try
        {
            // A pipe, a terminal and the null device have no content to lose.
            if (existing.CanSeek && existing.Name != NullDevice)
            {
                Empty(existing, force);
            }

            return existing;
        }
        catch
        {
            existing.Dispose();
            throw;
        }
    }

    private static void Empty(FileStream existing, bool force)
    {
        ReadOnlySpan<byte> databaseStart = "SQLite format 3\0"u8;
        var start = new byte[databaseStart.Length];
        var length = existing.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (databaseStart.SequenceEqual(start.AsSpan(0, length)))
        {
            throw new UsageException("--rejects names a database.");
        }

        if (!force)
        {
            throw new UsageException("--rejects names a file that exists: name another one, or add --force to replace it.");
        }

        existing.SetLength(0);
        existing.Position = 0;
    }
}
