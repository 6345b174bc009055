namespace Analytics.Domain.Tasks;

/// <summary>How far a task is, as counted; its status is kept as given.</summary>
public enum StatusCategory
{
    /// <summary>Not started.</summary>
    Pending,

    /// <summary>Running.</summary>
    InProgress,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Any other status (hold, scheduled, …); counts in the total only.</summary>
    Other,
}

/// <summary>The rule that reads a status.</summary>
public static class StatusCategories
{
    /// <summary>What a status, as given, counts as.</summary>
    public static StatusCategory Parse(string status) => CaseInsensitive.Normalize(status) switch
    {
        "pending" => StatusCategory.Pending,
        "in_progress" => StatusCategory.InProgress,
        "completed" => StatusCategory.Completed,
        "failed" => StatusCategory.Failed,
        _ => StatusCategory.Other,
    };
}
