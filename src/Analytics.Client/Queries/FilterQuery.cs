namespace Analytics.Client;

/// <summary>Which tasks count: a range of time and filters. Without any, all tasks of all contact spaces.</summary>
public abstract record FilterQuery
{
    private protected FilterQuery()
    {
    }

    /// <summary>A named range. Not together with <see cref="StartDate"/> and <see cref="EndDate"/>.</summary>
    public DateRange? DateRange { get; init; }

    /// <summary>The first local day, or an instant. Without <see cref="EndDate"/>: to the end of today.</summary>
    public DayOrInstant? StartDate { get; init; }

    /// <summary>The last local day, included, or an instant, excluded; of the same kind as <see cref="StartDate"/>.</summary>
    public DayOrInstant? EndDate { get; init; }

    /// <summary>The IANA name of the time zone in which days begin, such as <c>Asia/Kolkata</c>; UTC if null.</summary>
    public string? Timezone { get; init; }

    /// <summary>Only tasks of this space.</summary>
    public string? SpaceToken { get; init; }

    /// <summary>Only tasks of any of these agents; an empty name is for tasks without one.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Only tasks of this direction; <see cref="Direction.None"/> is for tasks without one.</summary>
    public Direction? Direction { get; init; }

    /// <summary>Only tasks of this run; an empty id is for tasks without one.</summary>
    public string? RunId { get; init; }

    internal virtual IEnumerable<(string Name, string? Value)> GetParameters() =>
    [
        ("date_range", DateRange?.Value),
        ("start_date", StartDate?.Value),
        ("end_date", EndDate?.Value),
        ("timezone", Timezone),
        ("space_token", SpaceToken),
        .. (Agents ?? []).Select(agent => ("agent", (string?)agent)),
        ("direction", Direction?.Value),
        ("run_id", RunId),
    ];
}
