using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Application.Administration;

/// <summary>The members of one organisation, one by one. Membership is read with every request, so that a change shows in the next one.</summary>
public sealed class ManageMembers(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    /// <summary>The role of a new member of whom nothing else is said.</summary>
    public const string DefaultRole = "viewer";

    /// <summary>Who they are, in the order of their ids.</summary>
    public async Task<IReadOnlyList<Member>> ListAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Member>(new CommandDefinition(MemberStore.ReadSql, new { OrganisationId = organisationId }, cancellationToken: cancellationToken))];
    }

    /// <summary>Makes a user a member, or gives a member another role.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="userId">The user.</param>
    /// <param name="role">The role; absent, a new member gets <see cref="DefaultRole"/> and another keeps the one that it has.</param>
    /// <param name="cancellationToken">Calls it off, as long as it is not committed.</param>
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

                await (stored is null ? MemberStore.AddAsync(transaction, [member], token) : MemberStore.UpdateAsync(transaction, [member], token));
                await transaction.CommitAsync();
                return stored is null ? WriteEffect.Inserted : WriteEffect.Updated;
            },
            cancellationToken);

    /// <summary>Takes a user's membership away.</summary>
    /// <returns>Whether the user was a member.</returns>
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
