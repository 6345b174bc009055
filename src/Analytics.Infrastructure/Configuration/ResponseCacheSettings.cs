using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>How many answers the service keeps in memory.</summary>
public static class ResponseCacheSettings
{
    private const string MaxEntriesKey = "ResponseCache:MaxEntries";
    private const int DefaultMaxEntries = 10_000;

    /// <summary><c>ResponseCache:MaxEntries</c>: a whole number, 0 for none; an answer takes about a kilobyte.</summary>
    public static int GetMaxEntries(IConfiguration configuration) =>
        SettingReader.GetInt32(configuration, MaxEntriesKey, DefaultMaxEntries, min: 0, max: int.MaxValue, "answers");
}
