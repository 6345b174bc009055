using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>What became of a catalogue's rows.</summary>
/// <param name="onRejected">Told of every row that breaks a rule.</param>
public sealed class CatalogueCounts(Action<RejectedLine> onRejected)
{
    private readonly SortedDictionary<string, int> _statuses = new(StringComparer.Ordinal);

    /// <summary>Rows that were not there.</summary>
    public int Inserted { get; private set; }

    /// <summary>Rows that changed something.</summary>
    public int Updated { get; private set; }

    /// <summary>Rows that were there already.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Rows that break a rule.</summary>
    public int Rejected { get; private set; }

    /// <summary>How many rows that broke no rule were seen of each status, without case and surrounding blanks.</summary>
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
