using System.Data.Common;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Organisations;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's members, not yet validated. <c>ParseError</c> is set if the line itself is invalid.</summary>
public sealed record MemberRow(long Line, string? OrganisationId, string? UserId, string? Role)
{
    public string? ParseError { get; init; }
}

/// <summary>What an import changed in one organisation.</summary>
/// <remarks><c>RetainedDueToRejects</c> counts members that the file does not name but that stay, because rows were rejected.</remarks>
public sealed record MemberChanges(
    long OrganisationId,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed,
    int Unchanged,
    int RetainedDueToRejects);

/// <summary>
/// Replaces the members of every organisation that the file names. A change applies to the next request, because membership is
/// read with every request.
/// </summary>
public sealed class MemberImporter(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    // Each organisation is one transaction; cancellation takes effect between two of them.
    public async Task RunAsync(
        IEnumerable<MemberRow> rows,
        bool keepMissing,
        Action<RejectedLine> onRejected,
        Action<MemberChanges> onChanged,
        CancellationToken cancellationToken)
    {
        var knownOrganisationIds = await OrganisationImporter.ReadIdsAsync(database, cancellationToken);
        var accepted = new List<Member>();
        var organisationsWithRejects = new HashSet<long>();
        var hasUnreadableOrganisation = false;
        foreach (var row in rows)
        {
            var validator = new FieldValidator(row.ParseError);
            var member = Read(row, knownOrganisationIds, validator);
            if (validator.Error is { } error)
            {
                hasUnreadableOrganisation |= validator.RecordId is null;
                organisationsWithRejects.Add(member.OrganisationId);
                onRejected(new RejectedLine(row.Line, null, error));
            }
            else
            {
                accepted.Add(member);
            }
        }

        foreach (var organisation in accepted.GroupBy(member => member.OrganisationId).OrderBy(group => group.Key))
        {
            // A rejected row may be that of an existing member, who must not lose access because of an error in the file.
            var removeMissing = !keepMissing && !hasUnreadableOrganisation && !organisationsWithRejects.Contains(organisation.Key);
            onChanged(await transactions.RunAsync(
                (transaction, token) => WriteAsync(transaction, organisation.Key, organisation, removeMissing, keepMissing, token),
                cancellationToken));
        }
    }

    private static Member Read(MemberRow row, HashSet<long> knownOrganisationIds, FieldValidator validator)
    {
        var member = new Member
        {
            OrganisationId = validator.CaptureId(validator.NumericId("organization_id", row.OrganisationId)),
            UserId = row.UserId?.Trim() ?? "",
            Role = validator.OptionalString("role", row.Role)?.Trim() ?? "",
        };

        if (!knownOrganisationIds.Contains(member.OrganisationId))
        {
            validator.Reject("organization_id names no known organisation: import the organisation first.");
        }

        if (!UserId.IsValid(member.UserId))
        {
            validator.Reject($"user_id {UserId.ValidationMessage}");
        }

        return member;
    }

    private async Task<MemberChanges> WriteAsync(
        WriteTransaction transaction,
        long organisationId,
        IEnumerable<Member> rows,
        bool removeMissing,
        bool keepMissing,
        CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        var before = await MemberStore.ReadRolesAsync(transaction, organisationId, cancellationToken);

        // The last row of a user wins.
        var after = new Dictionary<string, Member>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            after[row.UserId] = row;
        }

        var added = after.Values.Where(member => !before.ContainsKey(member.UserId)).ToList();
        var changed = after.Values.Where(member => before.TryGetValue(member.UserId, out var role) && role != member.Role).ToList();
        var missing = before.Keys.Except(after.Keys).Select(user => new Member { OrganisationId = organisationId, UserId = user }).ToList();
        var removed = removeMissing ? missing : [];

        await MemberStore.AddAsync(transaction, added, cancellationToken);
        await MemberStore.UpdateAsync(transaction, changed, cancellationToken);
        await MemberStore.RemoveAsync(transaction, removed, cancellationToken);
        if (added.Count + changed.Count + removed.Count > 0)
        {
            await transaction.CommitAsync();
        }

        return new MemberChanges(
            organisationId,
            GetUserIds(added),
            GetUserIds(removed),
            GetUserIds(changed),
            Unchanged: after.Count - added.Count - changed.Count,
            RetainedDueToRejects: removeMissing || keepMissing ? 0 : missing.Count);
    }

    private static List<string> GetUserIds(IEnumerable<Member> members) =>
        [.. members.Select(member => member.UserId).Order(StringComparer.Ordinal)];
}
