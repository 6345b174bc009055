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
