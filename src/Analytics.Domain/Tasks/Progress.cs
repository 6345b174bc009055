namespace Analytics.Domain.Tasks;

/// <summary>How far a task is, as counted; its status is kept as given.</summary>
public enum Progress
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
public static class Progresses
{
    /// <summary>What a status, as given, counts as.</summary>
    public static Progress Of(string status) => Words.Normalised(status) switch
    {
        "pending" => Progress.Pending,
        "in_progress" => Progress.InProgress,
        "completed" => Progress.Completed,
        "failed" => Progress.Failed,
        _ => Progress.Other,
    };
}
