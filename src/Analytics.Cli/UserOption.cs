using Analytics.Domain.Organisations;

namespace Analytics.Cli;

/// <summary>The user that a command is about.</summary>
internal static class UserOption
{
    private const string Name = "--user";

    public static Option<string> Required(string description) => new(Name) { Description = description, HelpName = "ID", Required = true };

    public static string Read(ParseResult arguments) =>
        arguments.GetRequiredValue<string>(Name).Trim() is var userId && UserId.IsValid(userId) ? userId
            : throw new UsageException($"{Name} {UserId.ValidationMessage}");
}
