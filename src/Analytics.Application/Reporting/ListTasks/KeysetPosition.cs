namespace Analytics.Application.Reporting.ListTasks;

/// <summary>A page starts after this task.</summary>
internal sealed record KeysetPosition(long CreatedAt, string TaskId);
