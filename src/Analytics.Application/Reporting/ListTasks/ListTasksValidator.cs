using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.Parsing;
using FluentValidation;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The rules of a page's parameters.</summary>
public sealed class ListTasksValidator : AbstractValidator<ListTasksQuery>
{
    /// <summary>Creates the rules.</summary>
    public ListTasksValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Parsed.Errors));
}

/// <summary>The rules of an export's parameters.</summary>
public sealed class ExportTasksValidator : AbstractValidator<ExportTasksQuery>
{
    /// <summary>Creates the rules.</summary>
    public ExportTasksValidator() => RuleFor(query => query).Custom((query, context) => context.AddFailures(query.Parsed.Errors));
}
