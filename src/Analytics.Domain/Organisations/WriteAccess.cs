namespace Analytics.Domain.Organisations;

/// <summary>Which members may write to their organisation.</summary>
public static class WriteAccess
{
    /// <summary>The word of a token's scope with which any member may write.</summary>
    public const string Scope = "tasks:write";

    /// <summary>An owner or an editor may, and any member whose token carries <see cref="Scope"/>.</summary>
    /// <param name="role">The member's role.</param>
    /// <param name="scopes">The words of the token's scope.</param>
    public static bool IsGranted(string role, IEnumerable<string> scopes) =>
        CaseInsensitive.Normalize(role) is "owner" or "editor" || scopes.Contains(Scope, StringComparer.Ordinal);
}
