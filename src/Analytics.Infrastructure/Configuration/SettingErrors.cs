using System.Text.RegularExpressions;

namespace Analytics.Infrastructure.Configuration;

/// <summary>Tells what settings cause, which the operator corrects, from a defect, whose stack must be seen.</summary>
public static partial class SettingErrors
{
    private const string Binder = "Microsoft.Extensions.Configuration.Binder";

    /// <summary>One sentence that names the setting; null for a defect.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        ConfigurationException => exception.Message,
        InvalidOperationException { Source: Binder } when BoundKeyPattern().Match(exception.Message) is { Success: true } key =>
            $"{key.Groups["key"].Value} has a value that is not a {key.Groups["type"].Value}.",
        _ => null,
    };

    // The message also quotes the value, which may be a secret.
    [GeneratedRegex(@" at '(?<key>[^']+)' to type 'System\.(?<type>\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BoundKeyPattern();
}
