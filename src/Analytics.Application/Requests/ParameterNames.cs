namespace Analytics.Application.Requests;

/// <summary>The names of headers, and of the body, in validation errors.</summary>
public static class ParameterNames
{
    public const string OrgHandle = "Org-Handle";
    public const string ProductId = "Product-Id";
    public const string LastEventId = "Last-Event-ID";
    public const string Body = "body";
}
