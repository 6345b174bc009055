using Analytics.Application.Ingestion;

namespace Analytics.Cli;

/// <summary>Records what an import changed, also of one that is stopped: what was committed stays.</summary>
internal sealed class ImportAudit(IServiceProvider services, string action) : IDisposable
{
    private readonly SortedDictionary<long, WriteCounts> _written = [];

    /// <summary>Adds what became of some rows of an organisation.</summary>
    public void Add(long organisationId, WriteCounts counts) => _written[organisationId] = _written.GetValueOrDefault(organisationId, WriteCounts.None) + counts;

    /// <summary>A line for each organisation that was changed, or one that says that it was none.</summary>
    public void Dispose()
    {
        var changed = _written.Where(organisation => organisation.Value.Inserted + organisation.Value.Updated > 0).ToList();
        foreach (var (organisationId, counts) in changed)
        {
            services.WriteAudit(action, organisationId, $"inserted {counts.Inserted}, updated {counts.Updated}, unchanged {counts.Unchanged}");
        }

        if (changed.Count == 0)
        {
            services.WriteAudit(action, $"unchanged {_written.Values.Sum(counts => counts.Unchanged)}");
        }
    }
}
