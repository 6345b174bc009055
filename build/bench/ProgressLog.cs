using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Writes progress to standard error, separate from the table.</summary>
internal static class ProgressLog
{
    public static Task WriteAsync(IEngine engine, string message) => Console.Error.WriteLineAsync($"{engine.Kind}: {message}");
}
