namespace Analytics.Client;

/// <summary>A report. Without any property, the totals of all time.</summary>
public sealed record AnalyticsQuery : FilterQuery
{
    /// <summary>Adds <see cref="AnalyticsData.Series"/>. Needs a range with a lower bound.</summary>
    public Interval? Interval { get; init; }

    /// <summary>What to do with buckets without tasks.</summary>
    public FillMode? Fill { get; init; }

    /// <summary>Adds <see cref="AnalyticsData.Groups"/>, by one or two dimensions.</summary>
    public IReadOnlyList<GroupDimension>? GroupBy { get; init; }

    /// <summary>The maximum number of groups, 1 to 1,000; 100 if null. The rest is in one last row.</summary>
    public int? Limit { get; init; }

    /// <summary>Adds <see cref="AnalyticsData.Comparison"/>. Needs a range with a lower bound.</summary>
    public ComparisonKind? Compare { get; init; }

    /// <summary>Adds optional sections.</summary>
    public IReadOnlyList<AnalyticsInclude>? Include { get; init; }

    internal override IEnumerable<(string Name, string? Value)> GetParameters() =>
    [
        .. base.GetParameters(),
        ("interval", Interval?.Value),
        ("fill", Fill?.Value),
        ("group_by", QueryText.Join(GroupBy)),
        ("limit", QueryText.Format(Limit)),
        ("compare", Compare?.Value),
        ("include", QueryText.Join(Include)),
    ];
}
