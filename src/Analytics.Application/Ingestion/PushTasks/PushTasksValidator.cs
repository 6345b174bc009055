using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The rules of a push as a whole. <see cref="Formats.NativeFormat"/> checks each line and rejects only that line.</summary>
public sealed class PushTasksValidator : AbstractValidator<PushTasksCommand>
{
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
