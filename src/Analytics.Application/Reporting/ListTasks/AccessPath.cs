namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The index that a task list is read from, each ordered by time.</summary>
public enum AccessPath
{
    Time,
    Run,
    Agent,
    Outcome,
    Status,
    Space,
}
