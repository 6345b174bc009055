using System.Globalization;
using Analytics.Application.Imports;
using Analytics.Application.Tasks;
using Analytics.Domain;

namespace Analytics.Application.Demo;

/// <summary>
/// A made-up organisation whose first space answers the documented request with the documented example, value for value.
/// A second contact space, one of another content type and a second product show what a question leaves out.
/// </summary>
public sealed class DemoData(ImportOrganisations organisations, ImportSpaces spaces, ImportMembers members, WriteTasks tasks, TimeProvider clock)
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
    public async Task<(int Tasks, string? Refused)> LoadAsync(CancellationToken cancellationToken)
    {
        string? refused = null;
        void Refuse(RejectedLine line) => refused ??= line.Reason;

        await organisations.RunAsync([new OrganisationRow(1, Text(OrganisationId), "Recalll (demo)", Handle, "active")], Refuse, (_, _) => { }, cancellationToken);
        if (refused is not null)
        {
            return (0, refused);
        }

        await spaces.RunAsync(
        [
            new SpaceRow(1, Text(DemoTasks.SupportSpace), Text(OrganisationId), "Support", SpaceToken, "contact", "active"),
            new SpaceRow(2, Text(DemoTasks.SalesSpace), Text(OrganisationId), "Sales", "S2ALESQ8Z1K5N7C3X9W4T6M0", "contact", "active"),
            new SpaceRow(3, Text(DemoTasks.HandbookSpace), Text(OrganisationId), "Handbook", "D0CSV7B2R5J8H1L4P6G3Y9E", "document", "active"),
        ], Refuse, (_, _) => { }, cancellationToken);
        await members.RunAsync([new MemberRow(1, Text(OrganisationId), UserId, "owner")], keep: true, Refuse, _ => { }, cancellationToken);

        var writes = DemoTasks.All(Instant.Now(clock)).ToList();
        await tasks.WriteAsync(OrganisationId, writes, cancellationToken);
        return (writes.Count, refused);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
