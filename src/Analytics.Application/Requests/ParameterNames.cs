namespace Analytics.Application.Requests;

/// <summary>The inputs as the client spells them: in requests, in the errors about them and in the documentation.</summary>
public static class ParameterNames
{
    /// <summary>The header that names the organisation.</summary>
    public const string OrgHandle = "Org-Handle";

    /// <summary>The header that names the product.</summary>
    public const string ProductId = "Product-Id";

    /// <summary>What a request brings beside its headers and parameters.</summary>
    public const string Body = "body";

    /// <summary>The query parameter that names one space.</summary>
    public const string SpaceToken = "space_token";

    /// <summary>The query parameter that names a range of time.</summary>
    public const string DateRange = "date_range";

    /// <summary>The query parameter with the first day or instant.</summary>
    public const string StartDate = "start_date";

    /// <summary>The query parameter with the last day, or the first instant after the range.</summary>
    public const string EndDate = "end_date";

    /// <summary>The query parameter that names the zone in which days begin.</summary>
    public const string Timezone = "timezone";

    /// <summary>The query parameter with the length of the series' buckets.</summary>
    public const string Interval = "interval";

    /// <summary>The query parameter that says by what groups are made.</summary>
    public const string GroupBy = "group_by";

    /// <summary>The query parameter that names an agent.</summary>
    public const string Agent = "agent";

    /// <summary>The query parameter that names the direction.</summary>
    public const string Direction = "direction";

    /// <summary>The query parameter that says with which earlier window to compare.</summary>
    public const string Compare = "compare";

    /// <summary>The query parameter that lists the blocks to add.</summary>
    public const string Include = "include";

    /// <summary>The query parameter that says what becomes of empty buckets.</summary>
    public const string Fill = "fill";

    /// <summary>The query parameter with the most rows.</summary>
    public const string Limit = "limit";

    /// <summary>The query parameter that names the form of the answer.</summary>
    public const string Format = "format";

    /// <summary>The query parameter that names what a call led to.</summary>
    public const string Outcome = "outcome";

    /// <summary>The query parameter that names how far a task is.</summary>
    public const string Status = "status";

    /// <summary>The query parameter that names what a task is.</summary>
    public const string ExecutionType = "execution_type";

    /// <summary>The query parameter that names a run.</summary>
    public const string RunId = "run_id";

    /// <summary>The query parameter that says where the next page begins.</summary>
    public const string Cursor = "cursor";
}
