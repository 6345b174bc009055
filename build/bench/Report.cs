using System.Globalization;
using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Prints the table, row by row as it becomes known.</summary>
internal sealed class Report
{
    private Report()
    {
    }

    /// <summary>Whether no bar was missed.</summary>
    public bool IsMet { get; private set; } = true;

    /// <param name="latency">What the last column says.</param>
    public static async Task<Report> BeginAsync(string latency)
    {
        await Console.Out.WriteLineAsync($"| engine | tasks | measured | | bar | met | {latency} |");
        await Console.Out.WriteLineAsync("|---|---|---|---|---|---|---|");
        return new Report();
    }

    public async Task AddAsync(IEngine engine, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            await Console.Out.WriteLineAsync($"| {engine.Kind} | {finding.Tasks} | {finding.What} | {finding.Measured} | {finding.Bar} | {Met(finding.IsMet)} | {finding.Latency} |");
            IsMet &= finding.IsMet ?? true;
        }
    }

    private static string Met(bool? isMet) => isMet switch
    {
        null => "",
        true => "yes",
        false => "**no**",
    };
}

/// <summary>A row of the table: a ratio where it can be, because absolute figures are the machine's.</summary>
internal sealed record Finding
{
    private Finding()
    {
    }

    public required string What { get; init; }

    public required string Tasks { get; init; }

    public required string Measured { get; init; }

    public required string Bar { get; init; }

    /// <summary>Absent where there is no bar.</summary>
    public required bool? IsMet { get; init; }

    public string Latency { get; init; } = "";

    /// <summary>A share that should be large.</summary>
    public static Finding Share(string what, string tasks, double share, string of, double? min, double? p99 = null) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Percent(share)} {of}",
        Bar = min is { } bar ? $"at least {Percent(bar)}" : "",
        IsMet = min is null ? null : share >= min,
        Latency = p99 is { } factor ? Times(factor) : "",
    };

    /// <summary>A multiple that should be small.</summary>
    public static Finding Multiple(string what, string tasks, double multiple, string of, double? max) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Times(multiple)} {of}",
        Bar = max is { } bar ? $"at most {Times(bar)}" : "",
        IsMet = max is null ? null : multiple <= max,
    };

    /// <summary>How many of all, where it should be none.</summary>
    public static Finding None(string what, string tasks, int found, int all) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Number(found)} of {Number(all)}",
        Bar = "none",
        IsMet = found == 0,
    };

    /// <summary>A time that has a limit.</summary>
    public static Finding Within(string what, string tasks, TimeSpan took, TimeSpan max) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = Milliseconds(took),
        Bar = $"at most {Milliseconds(max)}",
        IsMet = took <= max,
    };

    /// <summary>Something to know.</summary>
    public static Finding Fact(string what, string tasks, string measured) => new() { What = what, Tasks = tasks, Measured = measured, Bar = "", IsMet = null };

    public static string Number(int tasks) => tasks.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms");

    private static string Times(double multiple) => string.Create(CultureInfo.InvariantCulture, $"{multiple:0.00} ×");
}
