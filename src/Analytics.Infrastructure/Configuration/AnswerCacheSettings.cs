using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>How many answers the service keeps in memory.</summary>
public static class AnswerCacheSettings
{
    private const string EntriesKey = "AnswerCache:Entries";
    private const int DefaultEntries = 10_000;

    /// <summary><c>AnswerCache:Entries</c>: a whole number, 0 for none; an answer takes about a kilobyte.</summary>
    public static int EntriesFrom(IConfiguration configuration) =>
        WholeNumber.From(configuration, EntriesKey, DefaultEntries, least: 0, most: int.MaxValue, "answers");
}
