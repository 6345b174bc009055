using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Analytics.Api.Hosting;

/// <summary>Validates what the framework would ignore, or what would end the process with a stack trace.</summary>
internal static class LogSettings
{
    private const string LogLevelKey = "LogLevel";
    private const string ThresholdKey = nameof(ConsoleLoggerOptions.LogToStandardErrorThreshold);

    private static readonly string[] ConsoleKeys =
        [nameof(ConsoleLoggerOptions.FormatterName), "FormatterOptions", LogLevelKey, ThresholdKey];

    public static void Validate(IConfiguration configuration)
    {
        ValidateConsole(configuration.GetSection("Logging:Console"));
        ValidateLevels(configuration.GetSection("Logging"));
    }

    // The queue's length and what happens if it is full are our own, and the options of the formats are in FormatterOptions.
    private static void ValidateConsole(IConfigurationSection console)
    {
        if (console.GetChildren().FirstOrDefault(setting => !ConsoleKeys.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            is { } ignored)
        {
            throw new ConfigurationException(
                $"{ignored.Path} has no effect on this service: there are {string.Join(", ", ConsoleKeys.Select(key => $"{console.Path}:{key}"))}.");
        }
    }

    // Logging:LogLevel:*, the same of each provider, such as Logging:Console:LogLevel:*, and the console's threshold.
    private static void ValidateLevels(IConfigurationSection logging)
    {
        var levels = logging.GetChildren().Prepend(logging).SelectMany(section => section.GetSection(LogLevelKey).GetChildren())
            .Append(logging.GetSection($"Console:{ThresholdKey}"));
        if (levels.FirstOrDefault(level => !IsLevel(level.Value)) is { } invalid)
        {
            throw new ConfigurationException($"{invalid.Path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }

    private static bool IsLevel(string? text) =>
        string.IsNullOrEmpty(text) || (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level));
}
