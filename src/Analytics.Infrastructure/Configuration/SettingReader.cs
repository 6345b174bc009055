using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

public static class SettingReader
{
    public static int GetInt32(IConfiguration configuration, string key, int defaultValue, int min, int max, string unit)
    {
        if (configuration[key] is not { Length: > 0 } given)
        {
            return defaultValue;
        }

        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ConfigurationException($"{key} must be a whole number of {unit}, from {min} to {max}.");
    }
}
