using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>How one line of text says one task.</summary>
public interface ITaskFormat
{
    /// <summary>Reads one line and applies every rule to it.</summary>
    /// <param name="line">One JSON document, UTF-8, without its line end.</param>
    /// <param name="receivedAt">The time of receipt, for what the line leaves open.</param>
    TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt);
}

/// <summary>What a line turned out to be.</summary>
public abstract record TaskLine
{
    private TaskLine()
    {
    }

    /// <summary>A write that breaks no rule.</summary>
    /// <param name="OrganisationId">The organisation of the task's space.</param>
    /// <param name="Write">The write.</param>
    public sealed record Accepted(long OrganisationId, TaskWrite Write) : TaskLine;

    /// <summary>A line that breaks a rule.</summary>
    /// <param name="TaskId">The task's id, where it is fit to be shown.</param>
    /// <param name="Reason">One sentence that names the field and the rule, never the line's content.</param>
    public sealed record Rejected(string? TaskId, string Reason) : TaskLine;
}
