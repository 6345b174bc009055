using Analytics.Infrastructure.Authentication;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Cli.Commands;

internal static class TokenCommand
{
    private static readonly Option<string> Expires = new("--expires")
    {
        Description = "The lifetime: a number of s, m, h or d.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "30d",
    };

    private static readonly Option<string?> Scope = new("--scope")
    {
        Description = "Additional permissions, such as tasks:write, separated by blanks. They do not make the user a member.",
        HelpName = "WORDS",
    };

    public static Command Create() =>
        new Command("token", "Prints a token, signed with the first of Jwt:SigningKeys.") {
            UserOption.Required("The user that the token names."), Expires, Scope }
        .HandleErrors((run, _) =>
        {
            var userId = UserOption.Read(run.Arguments);
            var lifetime = ParseLifetime(run.Arguments.GetRequiredValue(Expires));
            var scopeWords = run.Arguments.GetValue(Scope) is { } given ? ParseScope(given) : null;
            var jwt = JwtSettings.From(run.ReadSettings());
            if (jwt.SigningKeys.Count == 0)
            {
                throw new UsageException("Tokens come from Jwt:Authority: this command signs only with Jwt:SigningKeys.");
            }

            run.Audit.Write("token issued",
                $"user {userId}, days {lifetime.TotalDays.ToString("0.##", CultureInfo.InvariantCulture)}, scope {scopeWords ?? "(none)"}");
            run.Output.WriteLine(AccessToken.Issue(jwt, userId, lifetime, TimeProvider.System, scopeWords));
            return Task.FromResult(ExitCode.Success);
        });

    private static string ParseScope(string text)
    {
        const int MaxLength = 1000;
        return text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !string.IsNullOrWhiteSpace(text)
            ? string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : throw new UsageException(
                $"--scope must be 1-{MaxLength} characters: words of printable ASCII, such as tasks:write, separated by blanks.");
    }

    private static TimeSpan ParseLifetime(string text)
    {
        const int MaxDays = 3650;
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
            && number <= TimeSpan.FromDays(MaxDays) / one
                ? number * one
                : throw new UsageException($"--expires must be a number of s, m, h or d, such as 30d, up to {MaxDays}d.");
    }
}
