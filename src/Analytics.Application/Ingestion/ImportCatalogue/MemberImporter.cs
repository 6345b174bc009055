using System.Data.Common;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Dapper;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's organisation members, as given.</summary>
public sealed record MemberRow(long Line, string? OrganisationId, string? UserId, string? Role)
{
    /// <summary>What is wrong with the line as a whole, if anything.</summary>
    public string? ParseError { get; init; }
}

/// <summary>What became of the members of one organisation.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Added">Users that became members.</param>
/// <param name="Removed">Users that no longer are.</param>
/// <param name="Changed">Members with another role than before.</param>
/// <param name="Unchanged">Members that stayed as they were.</param>
/// <param name="RetainedDueToRejects">Members that the file does not name, kept because some of the organisation's rows were rejected.</param>
public sealed record MemberChanges(
    long OrganisationId, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, int Unchanged, int RetainedDueToRejects);

/// <summary>
/// Makes a file the truth about the members of every organisation that it names. Membership is read with every request, so
/// that a change shows in the next one.
/// </summary>
public sealed class MemberImporter(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ReadOrganisationsSql = "SELECT id FROM organisations";

    /// <summary>Imports every row that breaks no rule, the members of one organisation in one transaction.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="keepMissing">Whether members that the file does not name stay.</param>
    /// <param name="onRejected">Told of every row that breaks a rule.</param>
    /// <param name="onChanged">Told of what became of each organisation's members, once that is committed.</param>
    /// <param name="cancellationToken">Ends the import between two organisations.</param>
    public async Task RunAsync(
        IEnumerable<MemberRow> rows, bool keepMissing, Action<RejectedLine> onRejected, Action<MemberChanges> onChanged, CancellationToken cancellationToken)
    {
        var knownOrganisationIds = await ReadOrganisationsAsync(cancellationToken);
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
            // A row that could not be read may be a member's: nobody is locked out for a slip in the file.
            var removeMissing = !keepMissing && !hasUnreadableOrganisation && !organisationsWithRejects.Contains(organisation.Key);
            onChanged(await transactions.RunAsync(
                (transaction, token) => WriteAsync(transaction, organisation.Key, organisation, removeMissing, keepMissing, token), cancellationToken));
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

    private async Task<HashSet<long>> ReadOrganisationsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(ReadOrganisationsSql, cancellationToken: cancellationToken))).ToHashSet();
    }

    private async Task<MemberChanges> WriteAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<Member> rows, bool removeMissing, bool keepMissing, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        var before = await MemberStore.ReadRolesAsync(transaction, organisationId, cancellationToken);

        // Of two rows about one user the later one counts.
        var after = new Dictionary<string, Member>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            after[row.UserId] = row;
        }

        var added = after.Values.Where(member => !before.ContainsKey(member.UserId)).ToList();
        var changed = after.Values.Where(member => before.TryGetValue(member.UserId, out var role) && role != member.Role).ToList();
        var missing = before.Keys.Where(user => !after.ContainsKey(user)).Select(user => new Member { OrganisationId = organisationId, UserId = user }).ToList();
        var removed = removeMissing ? missing : [];

        await MemberStore.AddAsync(transaction, added, cancellationToken);
        await MemberStore.UpdateAsync(transaction, changed, cancellationToken);
        await MemberStore.RemoveAsync(transaction, removed, cancellationToken);
        if (added.Count + changed.Count + removed.Count > 0)
        {
            await transaction.CommitAsync();
        }

        return new MemberChanges(
            organisationId, GetUserIds(added), GetUserIds(removed), GetUserIds(changed), after.Count - added.Count - changed.Count, removeMissing || keepMissing ? 0 : missing.Count);
    }

    private static List<string> GetUserIds(IEnumerable<Member> members) => [.. members.Select(member => member.UserId).Order(StringComparer.Ordinal)];
}
