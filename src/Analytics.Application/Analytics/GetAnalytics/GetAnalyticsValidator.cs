using Analytics.Application.Pipeline;
using Analytics.Domain.Organisations;
using FluentValidation;

namespace Analytics.Application.Analytics.GetAnalytics;

/// <summary>The rules of the question's own inputs.</summary>
public sealed class GetAnalyticsValidator : AbstractValidator<GetAnalyticsQuery>
{
    /// <summary>Creates the rules.</summary>
    public GetAnalyticsValidator() =>
        RuleFor(query => query.SpaceToken)
            .GivenOnce(InputNames.SpaceToken)
            .Matching(SpaceToken.IsValid, $"{InputNames.SpaceToken} {SpaceToken.Rule}");
}
