namespace Analytics.Domain;

/// <summary>The content types of spaces. Only contact spaces are counted.</summary>
public static class ContentTypes
{
    public const string Contact = "contact";
}
