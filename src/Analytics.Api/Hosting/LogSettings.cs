using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

internal static class LogLevels
{
    private const string LogLevelKey = "LogLevel";

    /// <summary>Validates <c>Logging:LogLevel:*</c>, and the same of each provider, such as <c>Logging:Console:LogLevel:*</c>.</summary>
    public static void Validate(IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging");
        var levels = logging.GetChildren().Prepend(logging).SelectMany(section => section.GetSection(LogLevelKey).GetChildren());
        if (levels.FirstOrDefault(level => !IsLevel(level.Value)) is { } invalid)
        {
            throw new ConfigurationException($"{invalid.Path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }

    private static bool IsLevel(string? text) =>
        string.IsNullOrEmpty(text) || (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level));
}
