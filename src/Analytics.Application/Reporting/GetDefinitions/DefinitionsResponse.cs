namespace Analytics.Application.Reporting.GetDefinitions;

/// <summary>The definitions of all metrics.</summary>
public sealed record DefinitionsResponse
{
    public const string ChangePercentBlock = "comparison.change_percent";
    public const string ChangePointsBlock = "comparison.change_points";

    private const string SuccessRate = "call_status.success_rate";
    private const string AverageDuration = "components.avg_duration_seconds";

    private const string Compared =
        "both up to now and the moment that corresponds to it, from exact sums and counts, to two decimals, half away from zero";

    // In the order of the response's fields.
    public static DefinitionsResponse All { get; } = new()
    {
        MetricVersion = MetricDefinitions.Version,
        Definitions =
        [
            .. MetricDefinitions.All.Select(CreateForMetric),
            Create(
                "reconciliation.balanced",
                "Balanced",
                "No part is below 0, and there are no more scored or timed calls than calls, and no more calls than tasks",
                "true or false"),
            .. MetricDefinitions.All
                .Where(metric => metric.Name is AverageDuration || metric.Name.StartsWith("call_", StringComparison.Ordinal))
                .Select(CreateForChange),
            .. MetricDefinitions.All.Where(metric => metric.Name is SuccessRate).Select(CreateForPoints),
            Create("series.hours", "Hours", "From the start of the bucket to its end; a day can have 23, 23.5 or 25", "hours"),
            Create(
                "series.complete",
                "Complete",
                "Whether the bucket's end is not after the start of the current quarter hour",
                "true or false"),
            Create(
                "series.state",
                "State",
                "past if the bucket is complete, future if it begins after the start of the current quarter hour, else current",
                "past, current or future"),
        ],
    };

    /// <summary>Increases when the meaning of a metric changes.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>One definition for each metric.</summary>
    public required IReadOnlyList<Definition> Definitions { get; init; }

    private static Definition CreateForMetric(MetricDefinition metric) => Create(
        metric.Name, metric.Label, metric.Formula, metric.Unit) with
    {
        Better = metric.Better,
        Minimum = 0,
        Maximum = metric.Maximum,
        ValueWhenEmpty = metric.Value(Measures.Zero),
    };

    private static Definition CreateForChange(MetricDefinition metric) => Create(
        $"{ChangePercentBlock}.{metric.Name}",
        $"{metric.Label}, change",
        $"({metric.Name} - comparison.{metric.Name}) / comparison.{metric.Name} × 100, {Compared}",
        "percent") with
    {
        Better = metric.Better,
        Minimum = -100,
    };

    private static Definition CreateForPoints(MetricDefinition metric) => Create(
        $"{ChangePointsBlock}.{metric.Name}",
        $"{metric.Label}, change in points",
        $"{metric.Name} - comparison.{metric.Name}, {Compared}",
        "percentage points") with
    {
        Better = metric.Better,
        Minimum = -100,
        Maximum = 100,
    };

    private static Definition Create(string name, string label, string formula, string unit) => new()
    {
        Name = name,
        Label = label,
        Better = Better.Neither,
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

    /// <summary>A short name for people.</summary>
    public required string Label { get; init; }

    /// <summary>Whether more is better, or less, or neither.</summary>
    public required Better Better { get; init; }

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
