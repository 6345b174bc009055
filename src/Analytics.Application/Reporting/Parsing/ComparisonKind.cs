namespace Analytics.Application.Reporting.Parsing;

public enum ComparisonKind
{
    // The same length of time directly before the window.
    PreviousPeriod,

    // The same dates one year earlier.
    PreviousYear,
}
