using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>The number of a catalogue's rows by effect. Each row is reported when it is counted.</summary>
public sealed class CatalogueCounts(Action<RejectedLine> onRejected, Action<long, WriteCounts> onWritten)
{
    private readonly SortedDictionary<string, int> _statuses = new(StringComparer.Ordinal);

    public WriteCounts Written { get; private set; } = WriteCounts.None;

    public int Rejected { get; private set; }

    // The number of valid rows by normalized status.
    public IReadOnlyDictionary<string, int> Statuses => _statuses;

    internal void Add(long organisationId, string status, WriteEffect effect)
    {
        var normalizedStatus = CaseInsensitive.Normalize(status);
        _statuses[normalizedStatus] = _statuses.GetValueOrDefault(normalizedStatus) + 1;
        var written = WriteCounts.From([effect], 1);
        Written += written;
        onWritten(organisationId, written);
    }

    internal void Reject(long line, string? id, string reason)
    {
        Rejected++;
        onRejected(new RejectedLine(line, id, reason));
    }
}
