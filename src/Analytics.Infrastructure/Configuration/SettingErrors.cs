using System.Text.RegularExpressions;

namespace Analytics.Infrastructure.Configuration;

/// <summary>Tells what settings cause, which the operator corrects, from a defect, whose stack must be seen.</summary>
public static partial class SettingErrors
{
    /// <summary>One sentence that names the setting; null for a defect.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        ConfigurationException => exception.Message,
        InvalidOperationException when BoundKeyPattern().Match(exception.Message) is { Success: true } key =>
            $"{key.Groups["key"].Value} has a value that is not a {key.Groups["type"].Value}.",
        _ => null,
    };

    // The message also quotes the value, which may be a secret.
    [GeneratedRegex(@"^Failed to convert configuration value .* at '(?<key>[^']+)' to type '(?:\w+\.)*(?<type>\w+)'",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BoundKeyPattern();
}
