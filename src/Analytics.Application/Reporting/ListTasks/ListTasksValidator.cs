using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.Parsing;
using FluentValidation;

namespace Analytics.Application.Reporting.ListTasks;

public sealed class ListTasksValidator : AbstractValidator<ListTasksQuery>
{
    public ListTasksValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Parsed.Errors));
}

public sealed class ExportTasksValidator : AbstractValidator<ExportTasksQuery>
{
    public ExportTasksValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Parsed.Errors));
}
