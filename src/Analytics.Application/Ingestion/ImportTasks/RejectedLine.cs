namespace Analytics.Application.Ingestion.ImportTasks;

/// <summary>A line that was not imported.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Id">What the line is about, where its id could be read.</param>
/// <param name="Reason">One sentence that names the field and the rule, never the line's content.</param>
public sealed record RejectedLine(long Number, string? Id, string Reason);
