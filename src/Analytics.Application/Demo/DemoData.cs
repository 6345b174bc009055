using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Demo;

/// <summary>
/// A fictional organisation. A request for its first space returns exactly the documented example response.
/// The other spaces and the second product show what a report excludes.
/// </summary>
public sealed class DemoData(
    OrganisationImporter organisations, SpaceImporter spaces, MemberImporter members, TaskWriter tasks, TimeProvider clock)
{
    // The handle and the space of the documented request.
    public const string Handle = "recalll.co";

    public const string SpaceToken = "F1O3QJM1Y7Q1AVVUYNV4VPRB";

    public const string UserId = "1";

    // Far above the ids of a real export.
    public const long OrganisationId = 9_000_000_000;

    // Creates the demo data or, on a later start, moves its times to the present.
    public async Task<(int Tasks, string? Error)> LoadAsync(CancellationToken cancellationToken)
    {
        string? error = null;
        void RecordError(RejectedLine line) => error ??= line.Reason;

        var organisationId = FormatId(OrganisationId);
        OrganisationRow[] organisation = [new(1, organisationId, "Recalll (demo)", Handle, "active")];
        await organisations.RunAsync(organisation, RecordError, (_, _) => { }, cancellationToken);
        if (error is not null)
        {
            return (0, error);
        }

        await spaces.RunAsync(
        [
            CreateSpace(DemoTasks.SupportSpace, "Support", SpaceToken, "contact"),
            CreateSpace(DemoTasks.SalesSpace, "Sales", "S2ALESQ8Z1K5N7C3X9W4T6M0", "contact"),
            CreateSpace(DemoTasks.HandbookSpace, "Handbook", "D0CSV7B2R5J8H1L4P6G3Y9E", "document"),
        ], RecordError, (_, _) => { }, cancellationToken);
        MemberRow[] owner = [new(1, organisationId, UserId, "owner")];
        await members.RunAsync(owner, new MemberImportOptions(), RecordError, _ => { }, cancellationToken);

        var writes = DemoTasks.CreateAll(Timestamp.Now(clock)).ToList();
        await tasks.WriteAsync(OrganisationId, writes, cancellationToken);
        return (writes.Count, error);
    }

    private static SpaceRow CreateSpace(long id, string name, string token, string contentType) => new(
        1, FormatId(id), FormatId(OrganisationId), name, token, contentType, "active", Slug: CaseInsensitive.Normalize(name));

    private static string FormatId(long id) => id.ToString(CultureInfo.InvariantCulture);
}
