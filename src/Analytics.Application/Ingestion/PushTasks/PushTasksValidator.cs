using FluentValidation;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The rules of a push without its body, which is read later.</summary>
public sealed class PushTasksValidator : AbstractValidator<PushTasksCommand>
{
    public PushTasksValidator() => RuleFor(command => command).Custom((command, context) =>
    {
        foreach (var failure in command.RawQuery.RejectAny())
        {
            context.AddFailure(failure);
        }
    });
}
