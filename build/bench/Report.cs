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

    public static async Task<Report> BeginAsync()
    {
        await Console.Out.WriteLineAsync("| engine | tasks | measured | | bar | met | p99, against the same |");
        await Console.Out.WriteLineAsync("|---|---|---|---|---|---|---|");
        return new Report();
    }

    public async Task AddAsync(IEngine engine, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            await Console.Out.WriteLineAsync($"| {engine.Kind} | {finding.Tasks} | {finding.What} | {finding.Measured} | {finding.Bar} | {Met(finding.IsMet)} | {finding.P99} |");
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

/// <summary>A row of the table: always a ratio, because absolute figures are the machine's.</summary>
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

    public required string P99 { get; init; }

    /// <summary>A share that should be large.</summary>
    public static Finding Share(string what, string tasks, double share, string of, double? least, double? p99 = null) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Percent(share)} {of}",
        Bar = least is { } bar ? $"at least {Percent(bar)}" : "",
        IsMet = least is null ? null : share >= least,
        P99 = p99 is { } factor ? Times(factor) : "",
    };

    /// <summary>A multiple that should be small.</summary>
    public static Finding Multiple(string what, string tasks, double multiple, string of, double? most) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Times(multiple)} {of}",
        Bar = most is { } bar ? $"at most {Times(bar)}" : "",
        IsMet = most is null ? null : multiple <= most,
        P99 = "",
    };

    public static string Number(int tasks) => tasks.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    private static string Times(double multiple) => string.Create(CultureInfo.InvariantCulture, $"{multiple:0.00} ×");
}
