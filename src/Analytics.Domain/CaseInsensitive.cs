namespace Analytics.Domain;

/// <summary>Comparison of statuses, content types, execution types, labels and roles. They are stored as received.</summary>
public static class CaseInsensitive
{
    // The same as LOWER(TRIM(…)) in SQL, which trims spaces only.
    public static string Normalize(string value) => value.Trim(' ').ToLowerInvariant();
}
