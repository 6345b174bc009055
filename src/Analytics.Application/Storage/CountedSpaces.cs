namespace Analytics.Application.Storage;

/// <summary>The spaces that are counted: active contact spaces. The table's alias is <c>s</c>.</summary>
public static class CountedSpaces
{
    // Its parameters are ContentTypes.Contact and StatusNames.Active.
    public const string Predicate = "LOWER(TRIM(s.content_type)) = @Contact AND LOWER(TRIM(s.status)) = @Active";
}
