using Analytics.Application.Reporting.Parsing;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The changes from an earlier window to the current one, from exact sums and counts.</summary>
internal static class Changes
{
    public static ChangePercent ToPercent(Measures earlier, Measures current, IncludeOptions include) => new()
    {
        CallAnalytics = new CallAnalyticsChange
        {
            TotalCalls = Ratio.ChangePercent(current.TotalCalls, earlier.TotalCalls),
            Interested = Ratio.ChangePercent(current.Interested, earlier.Interested),
            CallBack = Ratio.ChangePercent(current.CallBack, earlier.CallBack),
            SendDetails = Ratio.ChangePercent(current.SendDetails, earlier.SendDetails),
            NotInterested = Ratio.ChangePercent(current.NotInterested, earlier.NotInterested),
            NotConnected = Ratio.ChangePercent(current.NotConnected, earlier.NotConnected),
            Failed = Ratio.ChangePercent(current.CallsFailed, earlier.CallsFailed),
            AvgSuccessScore = Ratio.ChangePercent(
                (current.ScoreSum, current.ScoredCalls), (earlier.ScoreSum, earlier.ScoredCalls)),
        },
        CallStatus = new CallStatusChange
        {
            TotalTasks = Ratio.ChangePercent(current.TotalTasks, earlier.TotalTasks),
            Completed = Ratio.ChangePercent(current.Completed, earlier.Completed),
            Failed = Ratio.ChangePercent(current.TasksFailed, earlier.TasksFailed),
            Pending = Ratio.ChangePercent(current.Pending, earlier.Pending),
            InProgress = Ratio.ChangePercent(current.InProgress, earlier.InProgress),
            SuccessRate = Ratio.ChangePercent((current.Completed, current.TotalTasks), (earlier.Completed, earlier.TotalTasks)),
        },
        Components = include.HasFlag(IncludeOptions.Components)
            ? new ComponentsChange { AvgDurationSeconds = ToPercentOfAverageDuration(earlier, current) }
            : null,
    };

    public static ChangePoints ToPoints(Measures earlier, Measures current) => new()
    {
        CallStatus = new CallStatusPoints
        {
            SuccessRate = Ratio.ChangePoints((current.Completed, current.TotalTasks), (earlier.Completed, earlier.TotalTasks)),
        },
    };

    // Unlike the other ratios, an average duration of no calls is not 0 but unknown.
    private static decimal? ToPercentOfAverageDuration(Measures earlier, Measures current) => current.TimedCalls == 0
        ? null
        : Ratio.ChangePercent((current.DurationSum, current.TimedCalls), (earlier.DurationSum, earlier.TimedCalls));
}
