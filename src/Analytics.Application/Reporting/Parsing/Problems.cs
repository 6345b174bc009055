using FluentValidation;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>What planning found, as the pipeline's validation reports it.</summary>
internal static class Problems
{
    public static void Add<T>(this ValidationContext<T> failures, IEnumerable<InputProblem> problems)
    {
        foreach (var problem in problems)
        {
            failures.AddFailure(problem.Name, problem.Message);
        }
    }
}
