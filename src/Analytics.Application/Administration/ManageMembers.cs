using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

public sealed class ManageMembers(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    // The role of a new member if none is given.
    public const string DefaultRole = "viewer";

    public Task<IReadOnlyList<Member>> ListAsync(long organisationId, CancellationToken cancellationToken) =>
        database.QueryAsync<Member>(MemberStore.ReadSql, new { OrganisationId = organisationId }, cancellationToken);

    // Without a role, a new member gets DefaultRole and an existing member's role does not change.
    public Task<WriteEffect> AddAsync(long organisationId, string userId, string? role, CancellationToken cancellationToken) =>
        transactions.RunWithNewVersionAsync(
            organisationId,
            clock,
            async (transaction, token) =>
            {
                var stored = (await MemberStore.ReadRolesAsync(transaction, organisationId, token)).GetValueOrDefault(userId);
                var member = new Member(organisationId, userId, role ?? stored ?? DefaultRole);
                if (stored == member.Role)
                {
                    return WriteEffect.Unchanged;
                }

                await transaction.ExecuteAsync(stored is null ? MemberStore.InsertSql : MemberStore.UpdateSql, member, token);
                await transaction.CommitAsync();
                return stored is null ? WriteEffect.Inserted : WriteEffect.Updated;
            },
            cancellationToken);

    // Returns whether the user was a member.
    public Task<bool> RemoveAsync(long organisationId, string userId, CancellationToken cancellationToken) =>
        transactions.RunWithNewVersionAsync(
            organisationId,
            clock,
            (transaction, token) =>
                transaction.CommitIfChangedAsync(MemberStore.DeleteSql, new { OrganisationId = organisationId, UserId = userId }, token),
            cancellationToken);
}
