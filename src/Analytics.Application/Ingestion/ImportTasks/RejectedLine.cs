namespace Analytics.Application.Ingestion.ImportTasks;

/// <summary>A line that was not imported. <c>Reason</c> names the field and the rule in one sentence; it never quotes the line.</summary>
public sealed record RejectedLine(long Number, string? Id, string Reason);
