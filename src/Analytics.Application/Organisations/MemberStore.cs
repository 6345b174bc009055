using Analytics.Application.Storage;

namespace Analytics.Application.Organisations;

/// <param name="OrganisationId">The id of the organisation.</param>
/// <param name="UserId">The id of the user.</param>
/// <param name="Role">Such as <c>owner</c>, <c>editor</c> or <c>viewer</c>.</param>
public sealed record Member(long OrganisationId, string UserId, string Role);

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

    public const string InsertSql = "INSERT INTO members (organisation_id, user_id, role) VALUES (@OrganisationId, @UserId, @Role)";

    public const string UpdateSql = "UPDATE members SET role = @Role WHERE organisation_id = @OrganisationId AND user_id = @UserId";

    public const string DeleteSql = "DELETE FROM members WHERE organisation_id = @OrganisationId AND user_id = @UserId";

    public static async Task<Dictionary<string, string>> ReadRolesAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync<Member>(ReadSql, new { OrganisationId = organisationId }, cancellationToken))
            .ToDictionary(member => member.UserId, member => member.Role, StringComparer.Ordinal);
}
