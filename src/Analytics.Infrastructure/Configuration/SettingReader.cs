namespace Analytics.Infrastructure.Configuration;

/// <summary>
/// Reads settings; an empty value counts as missing. The options binder is not used, because its errors quote the value,
/// which may be a secret, and do not name the key and the rule in one sentence.
/// </summary>
public static class SettingReader
{
    public static int GetInt32(this IConfiguration configuration, string key, int defaultValue, int min, int max) =>
        (int)configuration.GetInt64(key, defaultValue, min, max);

    public static long GetInt64(this IConfiguration configuration, string key, long defaultValue, long min, long max)
    {
        if (configuration[key] is not { Length: > 0 } value)
        {
            return defaultValue;
        }

        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ConfigurationException($"{key} must be a whole number from {min} to {max}.");
    }

    public static bool GetBoolean(this IConfiguration configuration, string key, bool defaultValue) =>
        configuration[key] is not { Length: > 0 } value ? defaultValue
        : bool.TryParse(value, out var isSet) ? isSet
        : throw new ConfigurationException($"{key} must be true or false.");

    public static T[] GetList<T>(this IConfiguration configuration, string key, Func<IConfigurationSection, T> parse)
    {
        var section = configuration.GetSection(key);
        return string.IsNullOrEmpty(section.Value)
            ? [.. section.GetChildren().Select(parse)]
            : throw new ConfigurationException($"{key} is a list: set {key}:0.");
    }

    public static string[] GetOrigins(this IConfiguration configuration, string key) => configuration.GetList(key, ParseOrigin);

    private static string ParseOrigin(IConfigurationSection setting) =>
        Uri.TryCreate(setting.Value, UriKind.Absolute, out var origin)
        && (origin.Scheme == Uri.UriSchemeHttps || origin.Scheme == Uri.UriSchemeHttp)
        && origin.GetLeftPart(UriPartial.Authority) == setting.Value
            ? setting.Value
            : throw new ConfigurationException($"{setting.Path} must be an origin such as https://app.example.com, without a path.");
}
