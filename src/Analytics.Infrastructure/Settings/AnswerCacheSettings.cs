using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Settings;

/// <summary>How many answers the service keeps in memory.</summary>
public static class AnswerCacheSettings
{
    private const string EntriesKey = "AnswerCache:Entries";
    private const int DefaultEntries = 10_000;

    /// <summary><c>AnswerCache:Entries</c>: a whole number, 0 for none; an answer takes about a kilobyte.</summary>
    public static int EntriesFrom(IConfiguration configuration)
    {
        if (configuration[EntriesKey] is not { Length: > 0 } given)
        {
            return DefaultEntries;
        }

        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var entries)
            ? entries
            : throw new SettingException($"{EntriesKey} must be a whole number of answers, 0 for none.");
    }
}
