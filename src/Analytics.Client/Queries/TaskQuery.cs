namespace Analytics.Client;

/// <summary>The tasks behind a number: with the same range and filters, as many as a report counts.</summary>
public sealed record TaskQuery : FilterQuery
{
    /// <summary>Only calls with one of these outcomes.</summary>
    public IReadOnlyList<Outcome>? Outcomes { get; init; }

    /// <summary>Only tasks with this status, such as <c>completed</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Only tasks of this type, such as <c>call</c>.</summary>
    public string? ExecutionType { get; init; }

    /// <summary>Only tasks with this label; an empty label is for tasks without one.</summary>
    public string? Label { get; init; }

    /// <summary>Only this task.</summary>
    public string? TaskId { get; init; }

    /// <summary>The maximum number of tasks on a page, 1 to 1,000; 100 if null. Not for exports.</summary>
    public int? Limit { get; init; }

    /// <summary>The cursor of the previous page. Not for exports.</summary>
    public string? Cursor { get; init; }

    /// <summary>Adds <see cref="TaskPage.Total"/>. Not for exports.</summary>
    public bool IncludeTotal { get; init; }

    internal override IEnumerable<(string Name, string? Value)> GetParameters() =>
    [
        .. base.GetParameters(),
        ("outcome", QueryText.Join(Outcomes)),
        ("status", Status),
        ("execution_type", ExecutionType),
        ("label", Label),
        ("task_id", TaskId),
        ("limit", QueryText.Format(Limit)),
        ("cursor", Cursor),
        ("include", IncludeTotal ? "total" : null),
    ];
}
