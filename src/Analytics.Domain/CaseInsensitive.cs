namespace Analytics.Domain;

/// <summary>
/// The one rule by which statuses, content types, execution types, labels and roles are compared. They are stored as received, and
/// what SQL compares also normalised: engines lower and trim letters beyond ASCII differently.
/// </summary>
public static class CaseInsensitive
{
    public static string Normalize(string value) => value.Trim().ToLowerInvariant();
}
