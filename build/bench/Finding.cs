using System.Globalization;

namespace Analytics.Bench;

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
    public static Finding Multiple(string what, string tasks, double multiple, string of, double most) => new()
    {
        What = what,
        Tasks = tasks,
        Measured = $"{Times(multiple)} {of}",
        Bar = $"at most {Times(most)}",
        IsMet = multiple <= most,
        P99 = "",
    };

    public static string Number(int tasks) => tasks.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    private static string Times(double multiple) => string.Create(CultureInfo.InvariantCulture, $"{multiple:0.00} ×");
}
