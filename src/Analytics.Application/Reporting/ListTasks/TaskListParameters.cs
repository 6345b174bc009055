namespace Analytics.Application.Reporting.ListTasks;

internal sealed record TaskListParameters(long OrganisationId, string ProductId, TaskListQuery Query)
{
    // Agents cannot contain control characters.
    private const string AgentPrefix = "\u0002";
    private const string AgentSuffix = "\u0003";

    /// <summary>The maximum number of returned tasks.</summary>
    public required long Limit { get; init; }
    public long MaxExamined { get; init; } = long.MaxValue;
    public long Skipped { get; init; }

    public string Contact { get; } = ContentTypes.Contact;
    public string Active { get; } = StatusNames.Active;
    public long From => Query.Window.From?.UnixMilliseconds ?? long.MinValue;
    public long Before => Query.After?.CreatedAt ?? Query.Window.To?.UnixMilliseconds ?? long.MaxValue;
    public string TaskId => Query.After?.TaskId ?? "";
    public string? SpaceToken => Query.Filter.SpaceToken;
    public string? Agent => Query.Filter.Agents is [var agent] ? agent : null;
    public string? Agents => Query.Filter.Agents is { } agents
        ? string.Concat(agents.Select(agent => $"{AgentPrefix}{agent}{AgentSuffix}"))
        : null;
    public string AgentBegins { get; } = AgentPrefix;
    public string AgentEnds { get; } = AgentSuffix;
    public string? Direction => Query.Filter.Direction is { } direction ? Directions.Name(direction) : null;
    public string? Outcome => Query.Outcomes is [var outcome] ? Domain.Tasks.Outcomes.Name(outcome) : null;

    // One separator before and after each: a task without an outcome must not be found between two.
    public string? Outcomes => Query.Outcomes.Count == 0
        ? null
        : $",{string.Join(',', Query.Outcomes.Select(Domain.Tasks.Outcomes.Name))},";
    public string? Status => Query.Status;
    public string? ExecutionType => Query.ExecutionType;
    public string? RunId => Query.Filter.RunId;
    public string? Label => Query.Label;
    public string? OnlyTaskId => Query.TaskId;
}
