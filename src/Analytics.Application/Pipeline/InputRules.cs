using FluentValidation;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Pipeline;

/// <summary>The rules of inputs as HTTP gives them: no value, one, or several; blank is absent.</summary>
internal static class InputRules
{
    public static bool IsAbsent(this StringValues input) => input.All(string.IsNullOrWhiteSpace);

    public static IRuleBuilderOptions<T, StringValues> Given<T>(this IRuleBuilderInitial<T, StringValues> rule, string message) =>
        rule.Cascade(CascadeMode.Stop).Must(input => !input.IsAbsent()).WithMessage(message);

    public static IRuleBuilderOptions<T, StringValues> GivenOnce<T>(this IRuleBuilder<T, StringValues> rule, string name) =>
        rule.Must(input => input.Count <= 1).WithMessage($"{name} must be given only once.").OverridePropertyName(name);

    public static IRuleBuilderOptions<T, StringValues> Matching<T>(this IRuleBuilder<T, StringValues> rule, Func<string, bool> isValid, string message) =>
        rule.Must(input => input.Count > 1 || input.IsAbsent() || isValid(input.ToString())).WithMessage(message);
}
