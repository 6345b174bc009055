namespace Analytics.Domain.Tasks;

/// <summary>The status of a task, as counted. The status itself is stored as received.</summary>
public enum StatusCategory
{
    Pending,
    InProgress,
    Completed,
    Failed,

    // Any other status (hold, scheduled, …); counted in the total only.
    Other,
}

public static class StatusCategories
{
    public static StatusCategory Parse(string status) => CaseInsensitive.Normalize(status) switch
    {
        "pending" => StatusCategory.Pending,
        "in_progress" => StatusCategory.InProgress,
        "completed" => StatusCategory.Completed,
        "failed" => StatusCategory.Failed,
        _ => StatusCategory.Other,
    };
}
