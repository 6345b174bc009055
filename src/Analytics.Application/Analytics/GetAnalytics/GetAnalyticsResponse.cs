using Analytics.Domain.Numbers;
using AutoMapper;

namespace Analytics.Application.Analytics.GetAnalytics;

/// <summary>How an organisation's calls and tasks are going.</summary>
public sealed record GetAnalyticsResponse
{
    /// <summary>What the calls led to.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>How far the tasks are.</summary>
    public required CallStatus CallStatus { get; init; }
}

/// <summary>What the calls led to. <c>total_calls</c> is the six outcomes and the calls with any other or no outcome yet.</summary>
public sealed record CallAnalytics
{
    /// <summary>All calls: tasks whose execution type is <c>call</c>.</summary>
    public required long TotalCalls { get; init; }

    /// <summary>Calls labelled Interested or InterestedIn.</summary>
    public required long Interested { get; init; }

    /// <summary>Calls labelled Call Back.</summary>
    public required long CallBack { get; init; }

    /// <summary>Calls labelled Send Details.</summary>
    public required long SendDetails { get; init; }

    /// <summary>Calls labelled Not Interested.</summary>
    public required long NotInterested { get; init; }

    /// <summary>Calls labelled Not Connected.</summary>
    public required long NotConnected { get; init; }

    /// <summary>Calls without one of the labels above that failed, or that completed with the label Error, Unknown, Failed or none.</summary>
    public required long Failed { get; init; }

    /// <summary>The sum of scores over the number of scored calls, 0 to 1000, to two decimals, half away from zero; 0 when no call is scored.</summary>
    public required decimal AvgSuccessScore { get; init; }
}

/// <summary>How far the tasks are. <c>total_tasks</c> is the four statuses and the tasks of any other status.</summary>
public sealed record CallStatus
{
    /// <summary>All tasks, calls or not.</summary>
    public required long TotalTasks { get; init; }

    /// <summary>Tasks that are completed.</summary>
    public required long Completed { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Tasks that have not started.</summary>
    public required long Pending { get; init; }

    /// <summary>Tasks that are running.</summary>
    public required long InProgress { get; init; }

    /// <summary>Completed tasks in a hundred, to two decimals, half away from zero; 0 when there are no tasks.</summary>
    public required decimal SuccessRate { get; init; }
}

/// <summary>Which measure fills which field.</summary>
public sealed class GetAnalyticsMapping : Profile
{
    /// <summary>Creates the mapping.</summary>
    public GetAnalyticsMapping()
    {
        CreateMap<Measures, GetAnalyticsResponse>()
            .ForMember(response => response.CallAnalytics, to => to.MapFrom(measures => measures))
            .ForMember(response => response.CallStatus, to => to.MapFrom(measures => measures));

        CreateMap<Measures, CallAnalytics>()
            .ForMember(calls => calls.Failed, to => to.MapFrom(measures => measures.CallsFailed))
            .ForMember(calls => calls.AvgSuccessScore, to => to.MapFrom(measures => measures.AverageSuccessScore));

        CreateMap<Measures, CallStatus>()
            .ForMember(tasks => tasks.Failed, to => to.MapFrom(measures => measures.TasksFailed));
    }
}
