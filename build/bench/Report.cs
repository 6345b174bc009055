using System.Globalization;
using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Prints the table, one row as soon as it is known.</summary>
internal sealed class Report
{
    private Report()
    {
    }

    public bool IsMet { get; private set; } = true;

    public static async Task<Report> BeginAsync(string latency)
    {
        await Console.Out.WriteLineAsync($"| engine | tasks | measured | | target | met | {latency} |");
        await Console.Out.WriteLineAsync("|---|---|---|---|---|---|---|");
        return new Report();
    }

    public async Task AddAsync(IEngine engine, IEnumerable<Result> results)
    {
        foreach (var result in results)
        {
            await Console.Out
                .WriteLineAsync(
                    $"| {engine.Kind} | {result.Tasks} | {result.What} | {result.Measured} | {result.Target} | {Met(result.IsMet)} | {result.Latency} |");
            IsMet &= result.IsMet ?? true;
        }
    }

    private static string Met(bool? isMet) => isMet switch
    {
        null => "",
        true => "yes",
        false => "**no**",
    };
}

/// <summary>A row of the table. Ratios where possible, because absolute figures depend on the machine.</summary>
internal sealed record Result
{
    private Result()
    {
    }

    public required string What { get; init; }

    public required string Tasks { get; init; }

    public required string Measured { get; init; }

    public required string Target { get; init; }

    // Null if there is no target.
    public required bool? IsMet { get; init; }

    public string Latency { get; init; } = "";

    // A share that should be large.
    public static Result Share(string what, string tasks, double share, string of, double? min, double? p99 = null) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Percent(share)} {of}",
        Target = min is { } target ? $"at least {Percent(target)}" : "",
        IsMet = min is null ? null : share >= min,
        Latency = p99 is { } factor ? Times(factor) : "",
    };

    // A multiple that should be small.
    public static Result Multiple(string what, string tasks, double multiple, string of, double? max) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Times(multiple)} {of}",
        Target = max is { } target ? $"at most {Times(target)}" : "",
        IsMet = max is null ? null : multiple <= max,
    };

    // A number of requests that should be zero.
    public static Result None(string what, string tasks, int found, int all) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Number(found)} of {Number(all)}",
        Target = "none",
        IsMet = found == 0,
    };

    public static Result Within(string what, string tasks, TimeSpan took, TimeSpan max) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = Milliseconds(took),
        Target = $"at most {Milliseconds(max)}",
        IsMet = took <= max,
    };

    // Without a target.
    public static Result Fact(string what, string tasks, string measured) =>
        new() { What = what, Tasks = tasks, Measured = measured, Target = "", IsMet = null };

    public static string Number(int tasks) => tasks.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms");

    private static string Times(double multiple) => string.Create(CultureInfo.InvariantCulture, $"{multiple:0.00} ×");
}
