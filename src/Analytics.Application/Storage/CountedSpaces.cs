namespace Analytics.Application.Storage;

/// <summary>Which spaces are counted: the active ones of type contact. The table's alias is <c>s</c>.</summary>
public static class CountedSpaces
{
    /// <summary>The predicate; its parameters are <c>CaseInsensitive.Contact</c> and <c>CaseInsensitive.Active</c>.</summary>
    public const string Predicate = "LOWER(TRIM(s.content_type)) = @Contact AND LOWER(TRIM(s.status)) = @Active";
}
