using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Demo;

/// <summary>Creates an organisation of the demo, with its spaces and its owner.</summary>
public sealed class DemoCatalogue(OrganisationImporter organisations, SpaceImporter spaces, MemberImporter members)
{
    // Returns why something was rejected, or null.
    internal async Task<string?> LoadAsync(
        long organisationId, string name, string handle, IEnumerable<DemoSpace> organisationSpaces, CancellationToken cancellationToken)
    {
        string? error = null;
        void RecordError(RejectedLine line) => error ??= line.Reason;

        var id = FormatId(organisationId);
        OrganisationRow[] organisation = [new(1, id, name, handle, StatusNames.Active)];
        await organisations.RunAsync(organisation, RecordError, (_, _) => { }, cancellationToken);
        if (error is not null)
        {
            return error;
        }

        var spaceRows = organisationSpaces.Select((space, i) =>
            new SpaceRow(
                i + 1, FormatId(space.Id), id, space.Name, space.Token, space.ContentType, StatusNames.Active,
                Slug: CaseInsensitive.Normalize(space.Name).Replace(' ', '-')));
        await spaces.RunAsync(spaceRows, RecordError, (_, _) => { }, cancellationToken);
        MemberRow[] owner = [new(1, id, DemoData.UserId, "owner")];
        await members.RunAsync(owner, new MemberImportOptions(), RecordError, _ => { }, cancellationToken);
        return error;
    }

    private static string FormatId(long id) => id.ToString(CultureInfo.InvariantCulture);
}

internal sealed record DemoSpace(long Id, string Name, string Token, string ContentType = ContentTypes.Contact);
