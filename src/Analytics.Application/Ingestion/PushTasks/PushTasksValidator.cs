using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The rules of a push as a whole; those of its lines are the format's, and reject no other line.</summary>
public sealed class PushTasksValidator : AbstractValidator<PushTasksCommand>
{
    /// <summary>Creates the rules.</summary>
    public PushTasksValidator() => RuleFor(command => command).Custom((command, context) =>
    {
        foreach (var failure in command.RawQuery.RejectAny())
        {
            context.AddFailure(failure);
        }

        if (command.Body.Error is { } error)
        {
            context.AddFailure(ParameterNames.Body, error);
        }
    });
}
