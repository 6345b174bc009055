using System.Globalization;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Bench;

/// <summary>A hundred organisations with seven contact spaces each. The first one is measured.</summary>
internal static class Catalogue
{
    public const int Organisations = 100;
    public const int SpacesPerOrganisation = 7;
    public const long MeasuredOrganisation = 1;
    public const string UserId = "1";

    public static IEnumerable<long> OrganisationIds { get; } = [.. Enumerable.Range(1, Organisations).Select(id => (long)id)];

    public static string HandleOf(long organisationId) => $"organisation{organisationId}.example";

    public static string TokenOf(long spaceId) => $"SPACE{spaceId}";

    public static long SpaceId(long organisationId, int space) => (organisationId * 10) + space;

    public static async Task LoadAsync(Database database, CancellationToken cancellationToken)
    {
        await database.Get<OrganisationImporter>().RunAsync(
            OrganisationIds.Select(id => new OrganisationRow(id, Text(id), $"Organisation {id}", HandleOf(id), "active")), Fail,
            (_, _) => { }, cancellationToken);
        await database.Get<SpaceImporter>().RunAsync(
            from organisation in OrganisationIds
            from space in Enumerable.Range(0, SpacesPerOrganisation)
            let id = SpaceId(organisation, space)
            select new SpaceRow(id, Text(id), Text(organisation), $"Space {id}", TokenOf(id), "contact", "active"),
            Fail,
            (_, _) => { },
            cancellationToken);
        await database.Get<MemberImporter>().RunAsync(
            [new MemberRow(1, Text(MeasuredOrganisation), UserId, "viewer")], new MemberImportOptions(), Fail, _ => { }, cancellationToken);
    }

    public static void Fail(RejectedLine line) => throw new InvalidOperationException($"Line {line.Number}, {line.Id}: {line.Reason}");

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
