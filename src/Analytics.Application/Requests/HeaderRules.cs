using FluentValidation;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Requests;

/// <summary>
/// Validation rules for a header that may be sent never, once or several times. A blank value counts as absent, unless it has a
/// control character such as a tab.
/// </summary>
internal static class HeaderRules
{
    public static bool IsBlank(this StringValues input) =>
        input.All(value => string.IsNullOrWhiteSpace(value) && !StringRules.HasControlCharacters(value ?? ""));

    public static IRuleBuilderOptions<T, StringValues> Required<T>(this IRuleBuilderInitial<T, StringValues> rule, string message) =>
        rule.Cascade(CascadeMode.Stop).Must(input => !input.IsBlank()).WithMessage(message);

    public static IRuleBuilderOptions<T, StringValues> SingleValue<T>(this IRuleBuilder<T, StringValues> rule, string name) =>
        rule.Must(input => input.Count <= 1).WithMessage($"{name} must be given only once.").OverridePropertyName(name);

    public static IRuleBuilderOptions<T, StringValues> MustMatch<T>(
        this IRuleBuilder<T, StringValues> rule, Func<string, bool> isValid, string message) =>
        rule.Must(input => input.Count > 1 || input.IsBlank() || isValid(input.ToString())).WithMessage(message);
}
