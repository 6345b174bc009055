namespace Analytics.Domain.Organisations;

/// <summary>Members may write as owner or editor, or in any role if the access token carries <see cref="Scope"/>.</summary>
public static class WriteAccess
{
    public const string Scope = "tasks:write";

    private const string Owner = "owner";

    public static bool IsGranted(string role, IEnumerable<string> scopes) =>
        CaseInsensitive.Normalize(role) is Owner or "editor" || scopes.Contains(Scope, StringComparer.Ordinal);

    public static bool IsOwner(string role) => CaseInsensitive.Normalize(role) == Owner;
}
