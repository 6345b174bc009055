using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Page;

/// <summary>The settings of the dashboard page (<c>Page:*</c>).</summary>
/// <param name="IsEnabled">Whether <c>/</c> serves the page.</param>
/// <param name="Embedders">The origins that may show the page in a frame.</param>
/// <param name="TaskLink">The address of one task in another system, with <c>{task_id}</c>.</param>
internal sealed record PageSettings(bool IsEnabled, IReadOnlyList<string> Embedders, string? TaskLink)
{
    private const string TaskIdPlaceholder = "{task_id}";

    public static PageSettings From(IConfiguration configuration) => new(
        configuration.GetBoolean(SettingKeys.PageEnabled, defaultValue: true),
        configuration.GetOrigins(SettingKeys.PageEmbedders),
        configuration[SettingKeys.PageTaskLink] is { Length: > 0 } link ? ValidateTaskLink(link) : null);

    private static string ValidateTaskLink(string link) =>
        link.Contains(TaskIdPlaceholder, StringComparison.Ordinal)
        && Uri.TryCreate(link.Replace(TaskIdPlaceholder, "1", StringComparison.Ordinal), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? link
            : throw new ConfigurationException(
                $"{SettingKeys.PageTaskLink} must be an address such as https://app.example.com/tasks/{TaskIdPlaceholder}.");
}
