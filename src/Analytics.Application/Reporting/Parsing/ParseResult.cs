using FluentValidation.Results;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Either a value, or all errors of the parameters.</summary>
public sealed record ParseResult<T>(T? Value, IReadOnlyList<ValidationFailure> Errors)
    where T : class;
