namespace Analytics.Application.Reporting.Parsing;

/// <summary>A rule of the inputs that is broken.</summary>
/// <param name="Name">The parameter, as the client spells it.</param>
/// <param name="Message">One sentence that names the parameter and what is allowed.</param>
public sealed record ParameterError(string Name, string Message);
