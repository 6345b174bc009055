namespace Analytics.Application.Reporting.Parsing;

/// <summary>Either a value, or all errors of the parameters; the value is null if there are errors.</summary>
public sealed record ParseResult<T>(T? Value, IReadOnlyList<ParameterError> Errors)
    where T : class;

/// <summary>The message is one sentence that names the parameter and what is allowed.</summary>
public sealed record ParameterError(string Name, string Message);
