namespace Analytics.Client;

/// <summary>How the query was understood, and how recent the data is.</summary>
public sealed record QueryMeta
{
    /// <summary>The start of the window, in the requested time zone; null if the window has no lower bound.</summary>
    public required DateTimeOffset? Start { get; init; }

    /// <summary>The end of the window, exclusive; null if the window has no upper bound.</summary>
    public required DateTimeOffset? End { get; init; }

    /// <summary>The start of the current quarter hour, in the requested time zone.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The window of the same kind directly before, ready to be requested; null if the window lacks a bound.</summary>
    public required WindowDates? Previous { get; init; }

    /// <summary>The window of the same kind directly after, ready to be requested; null if the window lacks a bound.</summary>
    public required WindowDates? Next { get; init; }

    /// <summary>The time zone in which days begin.</summary>
    public required string Timezone { get; init; }

    /// <summary>The length of the series' buckets; null without <see cref="AnalyticsQuery.Interval"/>.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>The organisation whose tasks are counted.</summary>
    public required MetaOrganisation Organisation { get; init; }

    /// <summary>The product whose tasks are counted.</summary>
    public required string Product { get; init; }

    /// <summary>When the organisation's data last changed, UTC. All writes up to then are included.</summary>
    public required DateTimeOffset DataThrough { get; init; }

    /// <summary>
    /// The start of the first UTC day that counts a task of the organisation and product, whatever the filters; null if there
    /// is none.
    /// </summary>
    public required DateTimeOffset? FirstTaskAt { get; init; }

    /// <summary>Increases when the meaning of a metric changes.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>The version of the time zone database.</summary>
    public required string TzdbVersion { get; init; }

    /// <summary>Unknown parameters, which were ignored; at most 20 names.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}

/// <summary>The organisation whose tasks are counted.</summary>
public sealed record MetaOrganisation
{
    /// <summary>The handle, as in the header <c>Org-Handle</c>.</summary>
    public required string Handle { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }
}

/// <summary>The parameters that request a window: local days, the last one included, or instants.</summary>
public sealed record WindowDates
{
    /// <summary>The value of the parameter <c>start_date</c>.</summary>
    public required DayOrInstant StartDate { get; init; }

    /// <summary>The value of the parameter <c>end_date</c>.</summary>
    public required DayOrInstant EndDate { get; init; }
}
