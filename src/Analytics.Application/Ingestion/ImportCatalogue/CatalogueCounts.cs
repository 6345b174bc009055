using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>The number of a catalogue's rows by effect.</summary>
public sealed class CatalogueCounts(Action<RejectedLine> onRejected)
{
    private readonly SortedDictionary<string, int> _statuses = new(StringComparer.Ordinal);

    public int Inserted { get; private set; }

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    public int Rejected { get; private set; }

    // The number of valid rows by normalized status.
    public IReadOnlyDictionary<string, int> Statuses => _statuses;

    internal void Count(WriteEffect effect, string status)
    {
        var normalizedStatus = CaseInsensitive.Normalize(status);
        _statuses[normalizedStatus] = _statuses.GetValueOrDefault(normalizedStatus) + 1;
        (Inserted, Updated, Unchanged) = effect switch
        {
            WriteEffect.Inserted => (Inserted + 1, Updated, Unchanged),
            WriteEffect.Updated => (Inserted, Updated + 1, Unchanged),
            WriteEffect.Unchanged => (Inserted, Updated, Unchanged + 1),
        };
    }

    internal void Reject(long line, string? id, string reason)
    {
        Rejected++;
        onRejected(new RejectedLine(line, id, reason));
    }
}
