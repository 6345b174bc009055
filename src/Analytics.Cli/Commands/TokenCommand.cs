using System.CommandLine;
using System.Globalization;
using Analytics.Domain.Organisations;
using Analytics.Infrastructure.Authentication;
using Analytics.Infrastructure.Settings;

namespace Analytics.Cli.Commands;

internal static class TokenCommand
{
    public static Command Create()
    {
        var user = new Option<string>("--user") { Description = "The user that the token names.", HelpName = "ID", Required = true };
        var expires = new Option<string>("--expires") { Description = "How long it is good: a number of s, m, h or d.", HelpName = "TIME", DefaultValueFactory = _ => "30d" };
        var command = new Command("token", "Prints a token, signed with the first of Jwt:SigningKeys.") { user, expires };
        command.SetAction(Operation.Guarded((arguments, _) =>
        {
            var userId = arguments.GetRequiredValue(user).Trim();
            if (!UserId.IsValid(userId))
            {
                throw new UsageException($"--user {UserId.Rule}");
            }

            var jwt = JwtSettings.From(Operation.Settings());
            if (jwt.SigningKeys.Count == 0)
            {
                throw new UsageException("Tokens come from Jwt:Authority: this command signs only with Jwt:SigningKeys.");
            }

            Console.WriteLine(AccessToken.Issue(jwt, userId, LifetimeOf(arguments.GetRequiredValue(expires)), TimeProvider.System));
            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static TimeSpan LifetimeOf(string text)
    {
        const int LongestDays = 3650;
        TimeSpan? unit = text.LastOrDefault() switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        return unit is { } one
            && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number <= TimeSpan.FromDays(LongestDays) / one
                ? number * one
                : throw new UsageException($"--expires must be a number of s, m, h or d, such as 30d, up to {LongestDays}d.");
    }
}
