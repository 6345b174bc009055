using Analytics.Domain.Metrics;
using AutoMapper;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Which measure fills which field.</summary>
public sealed class AnswerMapping : Profile
{
    /// <summary>Creates the mapping.</summary>
    public AnswerMapping()
    {
        CreateMap<Measures, GetAnalyticsResponse>(MemberList.None)
            .ForMember(response => response.CallAnalytics, to => to.MapFrom(measures => measures))
            .ForMember(response => response.CallStatus, to => to.MapFrom(measures => measures));

        CreateMap<Measures, CallAnalytics>()
            .ForMember(calls => calls.Failed, to => to.MapFrom(measures => measures.CallsFailed))
            .ForMember(calls => calls.AvgSuccessScore, to => to.MapFrom(measures => measures.AverageSuccessScore));

        CreateMap<Measures, CallStatus>()
            .ForMember(tasks => tasks.Failed, to => to.MapFrom(measures => measures.TasksFailed));

        CreateMap<Measures, Reconciliation>()
            .ForMember(rest => rest.OtherOutcomes, to => to.MapFrom(measures => measures.CallsOther))
            .ForMember(rest => rest.OtherStates, to => to.MapFrom(measures => measures.TasksOther))
            .ForMember(rest => rest.Balanced, to => to.MapFrom(measures => measures.IsBalanced));

        CreateMap<Measures, Components>()
            .ForMember(parts => parts.AvgDurationSeconds, to => to.MapFrom(measures => measures.AverageDurationSeconds));
    }
}
