namespace Analytics.Api.Hosting;

/// <summary>
/// How many connections fit into <c>RLIMIT_NOFILE</c>, which counts files and sockets. The runtime aborts the process if a file
/// that it needs is one too many.
/// </summary>
internal static class OpenFilesLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenFilesFolder = "/proc/self/fd";
    private const string Name = "Max open files";

    // Connections of the database, spools of exports, assemblies that are loaded later, and sockets that are accepted to be closed.
    private const int Reserved = 256;
    private const int MinConnections = 16;

    // Of those reserved, for sockets that are accepted to be closed.
    private const int MaxClosing = 64;

    /// <summary>At most <paramref name="max"/>. Only Linux tells the limit; the runtime has raised it as far as it may.</summary>
    public static int GetMaxConnections(int max) => File.Exists(LimitsFile)
        ? GetMaxConnections(Parse(File.ReadLines(LimitsFile)), Directory.EnumerateFileSystemEntries(OpenFilesFolder).Count(), max)
        : max;

    /// <summary>Connections that Kestrel may have, by its own limit, and those that it is closing because they are beyond it.</summary>
    public static int GetMaxAccepted(long? maxConnections) =>
        GetMaxConnections((int)Math.Min(maxConnections ?? long.MaxValue, int.MaxValue - MaxClosing)) + MaxClosing;

    public static int GetMaxConnections(int limit, int openFiles, int max) =>
        Math.Clamp(limit - openFiles - Reserved, MinConnections, max);

    public static int Parse(IEnumerable<string> limits)
    {
        var soft = limits.First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? files : int.MaxValue;
    }
}
