namespace Analytics.Domain;

/// <summary>How statuses, content types, execution types and labels are compared; they are kept as given.</summary>
public static class CaseInsensitive
{
    /// <summary>The status that makes an organisation or a space count.</summary>
    public const string Active = "active";

    /// <summary>The status of what an operator has put away.</summary>
    public const string Archived = "archived";

    /// <summary>The content type of the spaces that count.</summary>
    public const string Contact = "contact";

    /// <summary>Without case and surrounding blanks, as SQL's LOWER and TRIM see them.</summary>
    public static string Normalize(string value) => value.Trim(' ').ToLowerInvariant();
}
