namespace Analytics.Application.Reporting.GetDefinitions;

/// <summary>The definitions of all metrics.</summary>
public sealed record DefinitionsResponse
{
    public const string ChangePercentBlock = "comparison.change_percent";

    // In the order of the response's fields.
    public static DefinitionsResponse All { get; } = new()
    {
        MetricVersion = MetricDefinitions.Version,
        Definitions =
        [
            .. MetricDefinitions.All.Select(CreateForMetric),
            Create(
                "reconciliation.balanced",
                "No part is below 0, and there are no more scored or timed calls than calls, and no more calls than tasks",
                "true or false"),
            .. MetricDefinitions.All.Where(metric => metric.Name.StartsWith("call_", StringComparison.Ordinal)).Select(CreateForChange),
            Create("series.hours", "From the start of the bucket to its end; a day can have 23, 23.5 or 25", "hours"),
            Create(
                "series.complete",
                "Whether the bucket's end is not after the start of the current quarter hour",
                "true or false"),
        ],
    };

    /// <summary>Increases when the meaning of a metric changes.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>One definition for each metric.</summary>
    public required IReadOnlyList<Definition> Definitions { get; init; }

    private static Definition CreateForMetric(MetricDefinition metric) => Create(metric.Name, metric.Formula, metric.Unit) with
    {
        Minimum = 0,
        Maximum = metric.Maximum,
        ValueWhenEmpty = metric.Value(Measures.Zero),
    };

    private static Definition CreateForChange(MetricDefinition metric)
    {
        var formula = $"({metric.Name} - comparison.{metric.Name}) / comparison.{metric.Name} × 100, "
            + "both up to now and the moment that corresponds to it, from exact sums and counts, to two decimals, half away from zero";
        return Create($"{ChangePercentBlock}.{metric.Name}", formula, "percent") with { Minimum = -100 };
    }

    private static Definition Create(string name, string formula, string unit) => new()
    {
        Name = name,
        Formula = formula,
        Unit = unit,
        Minimum = null,
        Maximum = null,
        ValueWhenEmpty = null,
        Version = MetricDefinitions.Version,
    };
}

/// <summary>The definition of one metric.</summary>
public sealed record Definition
{
    /// <summary>The object and the field, as in the response.</summary>
    public required string Name { get; init; }

    /// <summary>How the value is calculated.</summary>
    public required string Formula { get; init; }

    /// <summary>The unit of the value.</summary>
    public required string Unit { get; init; }

    /// <summary>The minimum; null if the value is not a number.</summary>
    public required decimal? Minimum { get; init; }

    /// <summary>The maximum; null if there is none.</summary>
    public required decimal? Maximum { get; init; }

    /// <summary>The value if there is nothing to count or to divide by.</summary>
    public required decimal? ValueWhenEmpty { get; init; }

    /// <summary>Increases when the meaning of this metric changes.</summary>
    public required int Version { get; init; }
}
