using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Says what is going on, apart from the table.</summary>
internal static class ProgressLog
{
    public static Task SayAsync(IEngine engine, string what) => Console.Error.WriteLineAsync($"{engine.Kind}: {what}");
}
