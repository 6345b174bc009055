namespace Analytics.Application.Reporting.Parsing;

/// <summary>What came of planning: a plan, or every problem of the inputs.</summary>
/// <param name="Value">The plan; absent where there are problems.</param>
/// <param name="Errors">The problems; none where there is a plan.</param>
public sealed record ParseResult<T>(T? Value, IReadOnlyList<ParameterError> Errors)
    where T : class;
