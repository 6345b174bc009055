using Analytics.Application.Storage;

namespace Analytics.Application.Organisations;

public sealed record Member
{
    public long OrganisationId { get; init; }

    public string UserId { get; init; } = "";

    /// <summary>Such as <c>owner</c>, <c>editor</c> or <c>viewer</c>.</summary>
    public string Role { get; init; } = "";
}

/// <summary>The statements of writers that hold the organisation's lock.</summary>
internal static class MemberStore
{
    public const string ReadSql =
        """
        SELECT organisation_id AS OrganisationId, user_id AS UserId, role AS Role
          FROM members
         WHERE organisation_id = @OrganisationId
         ORDER BY user_id
        """;

    private const string InsertSql = "INSERT INTO members (organisation_id, user_id, role) VALUES (@OrganisationId, @UserId, @Role)";

    private const string UpdateSql = "UPDATE members SET role = @Role WHERE organisation_id = @OrganisationId AND user_id = @UserId";

    private const string DeleteSql = "DELETE FROM members WHERE organisation_id = @OrganisationId AND user_id = @UserId";

    public static async Task<Dictionary<string, string>> ReadRolesAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync<Member>(ReadSql, new { OrganisationId = organisationId }, cancellationToken))
            .ToDictionary(member => member.UserId, member => member.Role, StringComparer.Ordinal);

    // Dapper runs a statement once for each element.
    public static Task AddAsync(WriteTransaction transaction, IReadOnlyCollection<Member> members, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(InsertSql, members, cancellationToken);

    public static Task UpdateAsync(WriteTransaction transaction, IReadOnlyCollection<Member> members, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(UpdateSql, members, cancellationToken);

    public static Task RemoveAsync(WriteTransaction transaction, IReadOnlyCollection<Member> members, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(DeleteSql, members, cancellationToken);
}
