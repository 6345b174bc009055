using FluentValidation;

namespace Analytics.Application.Reporting.Parsing;

internal static class ValidationContextExtensions
{
    public static void AddFailures<T>(this ValidationContext<T> context, IEnumerable<ParameterError> errors)
    {
        foreach (var error in errors)
        {
            context.AddFailure(error.Name, error.Message);
        }
    }
}
