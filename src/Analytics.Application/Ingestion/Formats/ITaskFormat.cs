namespace Analytics.Application.Ingestion.Formats;

/// <summary>Reads and validates one task from one line: a JSON document in UTF-8 without its line end.</summary>
public interface ITaskFormat
{
    // receivedAt replaces times that the line does not contain.
    TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt);
}

public abstract record TaskLine
{
    private TaskLine()
    {
    }

    public sealed record Accepted(long OrganisationId, TaskWrite Write) : TaskLine;

    // TaskId is null if the id itself is missing or invalid. Reason names the field and the rule; it never quotes the line.
    public sealed record Rejected(string? TaskId, string Reason) : TaskLine;
}
