using Analytics.Application.Reporting.Parsing;
using FluentValidation;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The rules of the question's own inputs are the planner's.</summary>
public sealed class GetAnalyticsValidator : AbstractValidator<GetAnalyticsQuery>
{
    /// <summary>Creates the rules.</summary>
    public GetAnalyticsValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Errors));
}
