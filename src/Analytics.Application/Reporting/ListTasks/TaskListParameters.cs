using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The parameters of a list's statements.</summary>
internal sealed record TaskListParameters(long OrganisationId, string ProductId, TaskList List, long Limit)
{
    // No agent has control characters in it.
    private const string Begins = "\u0002";
    private const string Ends = "\u0003";

    public string Contact { get; } = Words.Contact;

    public string Active { get; } = Words.Active;

    public long From => List.Window.From?.UnixMilliseconds ?? long.MinValue;

    public long CreatedAt => List.After.CreatedAt;

    public string TaskId => List.After.TaskId;

    public string? SpaceToken => List.Filter.SpaceToken;

    public string? Agent => List.Filter.Agents is [var agent] ? agent : null;

    public string? Agents => List.Filter.Agents is { } agents ? string.Concat(agents.Select(agent => $"{Begins}{agent}{Ends}")) : null;

    public string AgentBegins { get; } = Begins;

    public string AgentEnds { get; } = Ends;

    public string? Direction => List.Filter.Direction is { } direction ? Directions.Name(direction) : null;

    public string? Outcome => List.Outcome is { } outcome ? Outcomes.Name(outcome) : null;

    public string? Status => List.Status;

    public string? ExecutionType => List.ExecutionType;

    public string? RunId => List.RunId;
}
