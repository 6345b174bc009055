namespace Analytics.Application.Storage;

/// <summary>The spaces that are counted: active contact spaces. The table's alias is <c>s</c>.</summary>
public static class CountedSpaces
{
    // Its parameters are ContentTypes.Contact and StatusNames.Active.
    public const string Predicate = "s.normalized_content_type = @Contact AND s.normalized_status = @Active";

    // The same, as the condition of the partial index spaces_by_name, which a statement can use only if it repeats it.
    public const string IndexPredicate =
        $"s.normalized_content_type = '{ContentTypes.Contact}' AND s.normalized_status = '{StatusNames.Active}'";
}
