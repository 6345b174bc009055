using System.Globalization;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Domain;

namespace Analytics.Application.Demo;

/// <summary>
/// A made-up organisation whose first space answers the documented request with the documented example, value for value.
/// A second contact space, one of another content type and a second product show what a question leaves out.
/// </summary>
public sealed class DemoData(OrganisationImporter organisations, SpaceImporter spaces, MemberImporter members, TaskWriter tasks, TimeProvider clock)
{
    /// <summary>The documented handle.</summary>
    public const string Handle = "recalll.co";

    /// <summary>The documented space.</summary>
    public const string SpaceToken = "F1O3QJM1Y7Q1AVVUYNV4VPRB";

    /// <summary>A member of the organisation.</summary>
    public const string UserId = "1";

    /// <summary>Far above the ids of a real export.</summary>
    public const long OrganisationId = 9_000_000_000;

    /// <summary>Loads the demo, or brings its times up to the present.</summary>
    /// <returns>How many tasks it has; why it could not be loaded, if so.</returns>
    public async Task<(int Tasks, string? Error)> LoadAsync(CancellationToken cancellationToken)
    {
        string? error = null;
        void RecordError(RejectedLine line) => error ??= line.Reason;

        await organisations.RunAsync([new OrganisationRow(1, FormatId(OrganisationId), "Recalll (demo)", Handle, "active")], RecordError, (_, _) => { }, cancellationToken);
        if (error is not null)
        {
            return (0, error);
        }

        await spaces.RunAsync(
        [
            new SpaceRow(1, FormatId(DemoTasks.SupportSpace), FormatId(OrganisationId), "Support", SpaceToken, "contact", "active"),
            new SpaceRow(2, FormatId(DemoTasks.SalesSpace), FormatId(OrganisationId), "Sales", "S2ALESQ8Z1K5N7C3X9W4T6M0", "contact", "active"),
            new SpaceRow(3, FormatId(DemoTasks.HandbookSpace), FormatId(OrganisationId), "Handbook", "D0CSV7B2R5J8H1L4P6G3Y9E", "document", "active"),
        ], RecordError, (_, _) => { }, cancellationToken);
        await members.RunAsync([new MemberRow(1, FormatId(OrganisationId), UserId, "owner")], keepMissing: true, RecordError, _ => { }, cancellationToken);

        var writes = DemoTasks.CreateAll(Timestamp.Now(clock)).ToList();
        await tasks.WriteAsync(OrganisationId, writes, cancellationToken);
        return (writes.Count, error);
    }

    private static string FormatId(long id) => id.ToString(CultureInfo.InvariantCulture);
}
