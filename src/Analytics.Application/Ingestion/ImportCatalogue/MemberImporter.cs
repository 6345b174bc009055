using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's members, not yet validated. <c>ParseError</c> is set if the line itself is invalid.</summary>
public sealed record MemberRow(long Line, string? OrganisationId, string? UserId, string? Role, string? ParseError = null);

/// <summary>The options of an import of members. By default it adds members, changes roles and removes nobody.</summary>
public sealed record MemberImportOptions
{
    /// <summary>Removes the members that the file lacks from each organisation that it names.</summary>
    public bool Replace { get; init; }

    /// <summary>Also where that removes many members, or every owner.</summary>
    public bool AllowLargeRemovals { get; init; }

    /// <summary>Accepts user ids that look altered by a spreadsheet.</summary>
    public bool LiteralIds { get; init; }
}

/// <summary>What an import changed in one organisation.</summary>
/// <remarks>
/// <c>RetainedDueToRejects</c> counts members that a replacement would remove but that stay, because rows were rejected.
/// <c>RejectionReason</c> says why nothing was changed; otherwise it is null.
/// </remarks>
public sealed record MemberChanges(
    long OrganisationId,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed,
    int Unchanged,
    int RetainedDueToRejects,
    string? RejectionReason = null);

/// <summary>
/// Adds or replaces the members of every organisation that the file names. A change applies to the next request, because
/// membership is read with every request.
/// </summary>
public sealed class MemberImporter(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    // A replacement that removes a larger share is rejected: the file is more likely to be incomplete than right.
    private const double MaxRemovedShare = 0.2;

    // Each organisation is one transaction; cancellation takes effect between two of them.
    /// <summary>Returns the number of rejected rows.</summary>
    public async Task<int> RunAsync(
        IEnumerable<MemberRow> rows,
        MemberImportOptions options,
        Action<RejectedLine> onRejected,
        Action<MemberChanges> onChanged,
        CancellationToken cancellationToken)
    {
        var knownOrganisationIds = await OrganisationImporter.ReadIdsAsync(database, cancellationToken);
        var accepted = new List<Member>();
        var organisationsWithRejects = new HashSet<long>();
        var hasUnreadableOrganisation = false;
        var rejected = 0;
        foreach (var row in rows)
        {
            var validator = new FieldValidator(row.ParseError);
            var member = Read(row, knownOrganisationIds, options, validator);
            if (validator.Error is { } error)
            {
                hasUnreadableOrganisation |= validator.RecordId is null;
                organisationsWithRejects.Add(member.OrganisationId);
                rejected++;
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
            var retainMissing = hasUnreadableOrganisation || organisationsWithRejects.Contains(organisation.Key);
            onChanged(await transactions.RunWithNewVersionAsync(
                organisation.Key,
                clock,
                (transaction, token) => WriteAsync(transaction, organisation.Key, organisation, options, retainMissing, token),
                cancellationToken));
        }

        return rejected;
    }

    private static Member Read(
        MemberRow row, HashSet<long> knownOrganisationIds, MemberImportOptions options, FieldValidator validator)
    {
        var member = new Member(
            validator.CaptureId(validator.NumericId("organization_id", row.OrganisationId)),
            validator.UserId("user_id", row.UserId, options.LiteralIds),
            validator.OptionalString("role", row.Role)?.Trim() ?? "");
        if (!knownOrganisationIds.Contains(member.OrganisationId))
        {
            validator.Reject("organization_id names no known organisation: import the organisation first.");
        }

        return member;
    }

    private static async Task<MemberChanges> WriteAsync(
        WriteTransaction transaction,
        long organisationId,
        IEnumerable<Member> rows,
        MemberImportOptions options,
        bool retainMissing,
        CancellationToken cancellationToken)
    {
        var before = await MemberStore.ReadRolesAsync(transaction, organisationId, cancellationToken);

        // The last row of a user wins.
        var after = rows.GroupBy(row => row.UserId, StringComparer.Ordinal).Select(userRows => userRows.Last()).ToList();
        var added = after.Where(member => !before.ContainsKey(member.UserId)).ToList();
        var changed = after.Where(member => before.TryGetValue(member.UserId, out var role) && role != member.Role).ToList();
        var missing = before.Keys.Except(after.Select(member => member.UserId))
            .Select(userId => new Member(organisationId, userId, before[userId]))
            .ToList();
        var removed = options.Replace && !retainMissing ? missing : [];
        if (!options.AllowLargeRemovals && FindRejectionReason(before, after, removed.Count) is { } reason)
        {
            return new MemberChanges(organisationId, [], [], [], Unchanged: 0, RetainedDueToRejects: 0, reason);
        }

        // Dapper executes a statement once for each member.
        await transaction.ExecuteAsync(MemberStore.InsertSql, added, cancellationToken);
        await transaction.ExecuteAsync(MemberStore.UpdateSql, changed, cancellationToken);
        await transaction.ExecuteAsync(MemberStore.DeleteSql, removed, cancellationToken);
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
            RetainedDueToRejects: options.Replace && retainMissing ? missing.Count : 0);
    }

    private static string? FindRejectionReason(Dictionary<string, string> before, List<Member> after, int removed)
    {
        if (removed > before.Count * MaxRemovedShare)
        {
            return $"would remove {removed} of its {before.Count} members";
        }

        return removed > 0 && before.Values.Any(WriteAccess.IsOwner) && !after.Exists(member => WriteAccess.IsOwner(member.Role))
            ? "would leave it without an owner"
            : null;
    }

    private static List<string> GetUserIds(IEnumerable<Member> members) =>
        [.. members.Select(member => member.UserId).Order(StringComparer.Ordinal)];
}
