using Analytics.Application.Imports;
using Analytics.Application.Tasks;

namespace Analytics.Cli;

/// <summary>The last lines of an import, and its exit code.</summary>
internal static class Summary
{
    public static int Print(ImportCounts counts)
    {
        var (inserted, updated, unchanged) = counts.Written;
        return Print(inserted, updated, unchanged, counts.Rejected);
    }

    public static int Print(CatalogueCounts counts)
    {
        Console.WriteLine("status: " + string.Join(", ", counts.Statuses.Select(status => $"{(status.Key.Length == 0 ? "(none)" : status.Key)} {status.Value}")));
        return Print(counts.Inserted, counts.Updated, counts.Unchanged, counts.Rejected);
    }

    /// <summary>Records what an import changed: a line for each organisation, or one that says that it was none.</summary>
    public static void Audit(IServiceProvider services, string action, IReadOnlyDictionary<long, WriteCounts> organisations)
    {
        var changed = organisations.Where(organisation => organisation.Value.Inserted + organisation.Value.Updated > 0).ToList();
        foreach (var (organisationId, counts) in changed)
        {
            services.Audited(action, organisationId, $"inserted {counts.Inserted}, updated {counts.Updated}, unchanged {counts.Unchanged}");
        }

        if (changed.Count == 0)
        {
            services.Audited(action, $"unchanged {organisations.Values.Sum(counts => counts.Unchanged)}");
        }
    }

    private static int Print(long inserted, long updated, long unchanged, long rejected)
    {
        Console.WriteLine($"inserted {inserted}, updated {updated}, unchanged {unchanged}, rejected {rejected}");
        return rejected == 0 ? ExitCode.Done : ExitCode.SomeRejected;
    }
}
