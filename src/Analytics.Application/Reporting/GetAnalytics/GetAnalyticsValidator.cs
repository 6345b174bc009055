using Analytics.Application.Reporting.Parsing;
using FluentValidation;

namespace Analytics.Application.Reporting.GetAnalytics;

public sealed class GetAnalyticsValidator : AbstractValidator<GetAnalyticsQuery>
{
    public GetAnalyticsValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Errors));
}
