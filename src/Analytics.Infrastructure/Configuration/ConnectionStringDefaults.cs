using System.Data.Common;

namespace Analytics.Infrastructure.Configuration;

internal static class ConnectionStringDefaults
{
    /// <summary>These settings, but for what a connection string says. What is not one at all is an ArgumentException.</summary>
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
