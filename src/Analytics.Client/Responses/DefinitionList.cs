namespace Analytics.Client;

/// <summary>The definitions of all metrics.</summary>
public sealed record DefinitionList
{
    /// <summary>Increases when the meaning of a metric changes.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>One definition for each metric.</summary>
    public required IReadOnlyList<MetricDefinition> Definitions { get; init; }
}

/// <summary>The definition of one metric.</summary>
public sealed record MetricDefinition
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
