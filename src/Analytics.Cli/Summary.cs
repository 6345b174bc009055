using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

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

    private static int Print(long inserted, long updated, long unchanged, long rejected)
    {
        Console.WriteLine($"inserted {inserted}, updated {updated}, unchanged {unchanged}, rejected {rejected}");
        return rejected == 0 ? ExitCode.Success : ExitCode.SomeRejected;
    }
}
