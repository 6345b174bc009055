namespace Analytics.Application.Requests;

/// <summary>The names of headers and query parameters, for requests, validation errors and the OpenAPI document.</summary>
public static class ParameterNames
{
    public const string OrgHandle = "Org-Handle";
    public const string ProductId = "Product-Id";
    public const string LastEventId = "Last-Event-ID";

    // Names the request body in validation errors.
    public const string Body = "body";

    public const string SpaceToken = "space_token";
    public const string DateRange = "date_range";
    public const string StartDate = "start_date";
    public const string EndDate = "end_date";
    public const string Timezone = "timezone";
    public const string Interval = "interval";
    public const string GroupBy = "group_by";
    public const string Agent = "agent";
    public const string Direction = "direction";
    public const string Compare = "compare";
    public const string Include = "include";
    public const string Fill = "fill";
    public const string Limit = "limit";
    public const string Format = "format";
    public const string Outcome = "outcome";
    public const string Status = "status";
    public const string ExecutionType = "execution_type";
    public const string RunId = "run_id";
    public const string Cursor = "cursor";
}
