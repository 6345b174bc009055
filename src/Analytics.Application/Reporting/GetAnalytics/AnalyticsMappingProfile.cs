using Analytics.Domain.Metrics;
using AutoMapper;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>Which measure fills which field.</summary>
public sealed class AnalyticsMappingProfile : Profile
{
    /// <summary>Creates the mapping.</summary>
    public AnalyticsMappingProfile()
    {
        CreateMap<Measures, GetAnalyticsResponse>(MemberList.None)
            .ForMember(response => response.CallAnalytics, options => options.MapFrom(measures => measures))
            .ForMember(response => response.CallStatus, options => options.MapFrom(measures => measures));

        CreateMap<Measures, CallAnalytics>()
            .ForMember(callAnalytics => callAnalytics.Failed, options => options.MapFrom(measures => measures.CallsFailed))
            .ForMember(callAnalytics => callAnalytics.AvgSuccessScore, options => options.MapFrom(measures => measures.AverageSuccessScore));

        CreateMap<Measures, CallStatus>()
            .ForMember(callStatus => callStatus.Failed, options => options.MapFrom(measures => measures.TasksFailed));

        CreateMap<Measures, Reconciliation>()
            .ForMember(reconciliation => reconciliation.OtherOutcomes, options => options.MapFrom(measures => measures.CallsOther))
            .ForMember(reconciliation => reconciliation.OtherStates, options => options.MapFrom(measures => measures.TasksOther))
            .ForMember(reconciliation => reconciliation.Balanced, options => options.MapFrom(measures => measures.IsConsistent));

        CreateMap<Measures, Components>()
            .ForMember(components => components.AvgDurationSeconds, options => options.MapFrom(measures => measures.AverageDurationSeconds));
    }
}
