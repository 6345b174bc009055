using Analytics.Application.Organisations;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The measures that a plan requests, all read at one version of the organisation.</summary>
internal sealed record AnalyticsResult(
    OrganisationVersion Version,
    Timestamp ChangedAt,
    Measures Totals,
    IReadOnlyList<Measures> Buckets,
    (Measures Earlier, Measures Current)? ComparisonMeasures,
    IReadOnlyList<Group> Groups);

/// <summary>Null for each dimension that is not grouped by.</summary>
internal sealed record Group(IncludedSpace? Space, string? Agent, string? Direction, Measures Measures);

internal sealed record IncludedSpace(long Id, string Token, string Name, Measures Totals);
