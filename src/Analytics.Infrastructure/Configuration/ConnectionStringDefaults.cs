namespace Analytics.Infrastructure.Configuration;

internal static class ConnectionStringDefaults
{
    /// <summary>
    /// Overrides these defaults by a connection string. An invalid one throws ArgumentException. A timeout of 0, with which the
    /// drivers wait for ever, leaves the default.
    /// </summary>
    public static T OverriddenBy<T>(this T defaults, string connectionString, params IReadOnlyList<string> timeouts)
        where T : DbConnectionStringBuilder
    {
        var limits = timeouts.Select(timeout => (timeout, defaults[timeout])).ToList();
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys)
        {
            defaults[key] = given[key];
        }

        foreach (var (timeout, limit) in limits.Where(pair => defaults[pair.timeout] is 0))
        {
            defaults[timeout] = limit;
        }

        return defaults;
    }
}
