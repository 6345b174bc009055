using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Application.Administration;

public sealed class ManageMembers(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    // The role of a new member if none is given.
    public const string DefaultRole = "viewer";

    public async Task<IReadOnlyList<Member>> ListAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { OrganisationId = organisationId };
        var command = new CommandDefinition(MemberStore.ReadSql, parameters, cancellationToken: cancellationToken);
        return [.. await connection.QueryAsync<Member>(command)];
    }

    // Without a role, a new member gets DefaultRole and an existing member's role does not change.
    public Task<WriteEffect> AddAsync(long organisationId, string userId, string? role, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) =>
            {
                await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, token);
                var stored = (await MemberStore.ReadRolesAsync(transaction, organisationId, token)).GetValueOrDefault(userId);
                var member = new Member { OrganisationId = organisationId, UserId = userId, Role = role ?? stored ?? DefaultRole };
                if (stored == member.Role)
                {
                    return WriteEffect.Unchanged;
                }

                await (stored is null
                    ? MemberStore.AddAsync(transaction, [member], token)
                    : MemberStore.UpdateAsync(transaction, [member], token));
                await transaction.CommitAsync();
                return stored is null ? WriteEffect.Inserted : WriteEffect.Updated;
            },
            cancellationToken);

    // Returns whether the user was a member.
    public Task<bool> RemoveAsync(long organisationId, string userId, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) =>
            {
                await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, token);
                if (!(await MemberStore.ReadRolesAsync(transaction, organisationId, token)).ContainsKey(userId))
                {
                    return false;
                }

                await MemberStore.RemoveAsync(transaction, [new Member { OrganisationId = organisationId, UserId = userId }], token);
                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);
}
