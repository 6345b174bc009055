namespace Analytics.Domain;

/// <summary>The statuses of organisations and spaces that have a meaning; any other status excludes from the counts.</summary>
public static class StatusNames
{
    public const string Active = "active";
    public const string Archived = "archived";
}
