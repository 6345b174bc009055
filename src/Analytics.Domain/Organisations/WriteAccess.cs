namespace Analytics.Domain.Organisations;

/// <summary>Members may write as owner or editor, or in any role if the access token carries <see cref="Scope"/>.</summary>
public static class WriteAccess
{
    public const string Scope = "tasks:write";

    public static bool IsGranted(string role, IEnumerable<string> scopes) =>
        CaseInsensitive.Normalize(role) is "owner" or "editor" || scopes.Contains(Scope, StringComparer.Ordinal);
}
