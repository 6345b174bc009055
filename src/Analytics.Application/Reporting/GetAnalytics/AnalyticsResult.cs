using Analytics.Application.Organisations;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The measures that a plan requests, all read at one version of the organisation.</summary>
internal sealed record AnalyticsResult(
    OrganisationVersion Version,
    Timestamp ChangedAt,
    Measures Totals,
    IReadOnlyList<Measures> Buckets,
    (Measures Earlier, Measures Current)? ComparisonMeasures,
    IReadOnlyList<Measures> ComparisonBuckets,
    IReadOnlyList<Group> Groups,
    OrganisationFacts? Facts);

/// <summary>Null for each dimension that is not grouped by.</summary>
internal sealed record Group(Measures Measures)
{
    public IncludedSpace? Space { get; init; }
    public string? Agent { get; init; }
    public string? Direction { get; init; }
    public string? RunId { get; init; }

    /// <summary>As the newest task that has it spells it.</summary>
    public string? Label { get; init; }

    /// <summary>1 is Monday.</summary>
    public int? DayOfWeek { get; init; }
    public int? HourOfDay { get; init; }

    /// <summary>Null unless compared.</summary>
    public (Measures Earlier, Measures Current)? ComparisonMeasures { get; init; }
}

/// <summary>What <c>meta</c> tells of the organisation.</summary>
internal sealed record OrganisationFacts
{
    public string Handle { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>When the first counted task of the product was created, whatever the filters; null if there is none.</summary>
    public long? FirstTaskAt { get; init; }
}

internal sealed record IncludedSpace(long Id, string Token, string Name, Measures Totals);
