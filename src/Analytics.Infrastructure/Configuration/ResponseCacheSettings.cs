using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

public static class ResponseCacheSettings
{
    private const string MaxEntriesKey = "ResponseCache:MaxEntries";
    private const int DefaultMaxEntries = 10_000;

    /// <summary><c>ResponseCache:MaxEntries</c>: cached responses, each about a kilobyte; 0 disables the cache.</summary>
    public static int GetMaxEntries(IConfiguration configuration) =>
        SettingReader.GetInt32(configuration, MaxEntriesKey, DefaultMaxEntries, min: 0, max: int.MaxValue, "answers");
}
