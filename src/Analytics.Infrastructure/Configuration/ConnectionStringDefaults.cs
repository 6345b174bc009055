namespace Analytics.Infrastructure.Configuration;

internal static class ConnectionStringDefaults
{
    /// <summary>Overrides these defaults by a connection string. An invalid one throws ArgumentException.</summary>
    public static T OverriddenBy<T>(this T defaults, string connectionString)
        where T : DbConnectionStringBuilder
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys)
        {
            defaults[key] = given[key];
        }

        return defaults;
    }
}
