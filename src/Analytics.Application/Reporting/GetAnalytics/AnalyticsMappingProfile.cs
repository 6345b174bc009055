using AutoMapper;

namespace Analytics.Application.Reporting.GetAnalytics;

public sealed class AnalyticsMappingProfile : Profile
{
    public AnalyticsMappingProfile()
    {
        CreateMap<Measures, GetAnalyticsResponse>(MemberList.None)
            .ForMember(response => response.CallAnalytics, options => options.MapFrom(measures => measures))
            .ForMember(response => response.CallStatus, options => options.MapFrom(measures => measures));

        CreateMap<Measures, CallAnalytics>()
            .ForMember(calls => calls.Failed, options => options.MapFrom(measures => measures.CallsFailed))
            .ForMember(calls => calls.AvgSuccessScore, options => options.MapFrom(measures => measures.AverageSuccessScore));

        CreateMap<Measures, CallStatus>()
            .ForMember(callStatus => callStatus.Failed, options => options.MapFrom(measures => measures.TasksFailed));

        CreateMap<Measures, Reconciliation>()
            .ForMember(reconciliation => reconciliation.OtherOutcomes, options => options.MapFrom(measures => measures.CallsOther))
            .ForMember(reconciliation => reconciliation.OtherStates, options => options.MapFrom(measures => measures.TasksOther))
            .ForMember(reconciliation => reconciliation.Balanced, options => options.MapFrom(measures => measures.IsConsistent));

        CreateMap<Measures, Components>()
            .ForMember(target => target.AvgDurationSeconds, options => options.MapFrom(measures => measures.AverageDurationSeconds));
    }
}
