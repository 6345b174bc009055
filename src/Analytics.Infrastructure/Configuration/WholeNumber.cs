using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>A setting that is a whole number.</summary>
public static class WholeNumber
{
    /// <summary>Reads and checks it.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="key">Its key.</param>
    /// <param name="unset">What it is unless set.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most.</param>
    /// <param name="unit">What it counts, in the plural.</param>
    public static int From(IConfiguration configuration, string key, int unset, int least, int most, string unit)
    {
        if (configuration[key] is not { Length: > 0 } given)
        {
            return unset;
        }

        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingException($"{key} must be a whole number of {unit}, from {least} to {most}.");
    }
}
