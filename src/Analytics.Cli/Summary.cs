using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Cli;

/// <summary>The last lines of an import, and its exit code.</summary>
internal static class Summary
{
    public static int Print(TextWriter output, ImportCounts counts)
    {
        var (inserted, updated, unchanged) = counts.Written;
        return Print(output, inserted, updated, unchanged, counts.Rejected);
    }

    public static int Print(TextWriter output, CatalogueCounts counts)
    {
        output.WriteLine("status: " + string.Join(", ", counts.Statuses.Select(status => $"{(status.Key.Length == 0 ? "(none)" : status.Key)} {status.Value}")));
        return Print(output, counts.Inserted, counts.Updated, counts.Unchanged, counts.Rejected);
    }

    private static int Print(TextWriter output, long inserted, long updated, long unchanged, long rejected)
    {
        output.WriteLine($"inserted {inserted}, updated {updated}, unchanged {unchanged}, rejected {rejected}");
        return rejected == 0 ? ExitCode.Success : ExitCode.SomeRejected;
    }
}
