using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>A setting that is a whole number.</summary>
public static class SettingReader
{
    /// <summary>Reads and checks it.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="key">Its key.</param>
    /// <param name="defaultValue">What it is unless set.</param>
    /// <param name="min">The least that it may be.</param>
    /// <param name="max">The most.</param>
    /// <param name="unit">What it counts, in the plural.</param>
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
