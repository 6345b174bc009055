namespace Analytics.Api.Hosting;

/// <summary>How many files, sockets included, the process may open (<c>RLIMIT_NOFILE</c>).</summary>
internal static class OpenFilesLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string Name = "Max open files";

    // For the database, the spools of exports, and connections that are accepted only to be closed.
    private const int Reserved = 256;

    /// <summary>The runtime has already raised the soft limit to the hard one. Only Linux has the file.</summary>
    public static int Read() => File.Exists(LimitsFile) ? Parse(File.ReadLines(LimitsFile)) : int.MaxValue;

    public static int Parse(IEnumerable<string> limits)
    {
        var soft = limits.First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? files : int.MaxValue;
    }

    /// <summary>At most <paramref name="max"/> connections, so that enough files remain for everything else.</summary>
    public static int GetMaxConnections(int openFiles, int max) => Math.Min(max, Math.Max(openFiles - Reserved, openFiles / 2));
}
