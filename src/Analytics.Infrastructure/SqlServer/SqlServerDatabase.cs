using System.Data.Common;
using Analytics.Infrastructure.Settings;
using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>A SQL Server's database.</summary>
internal static class SqlServerDatabase
{
    /// <summary>What holds where the connection string does not say otherwise.</summary>
    private static SqlConnectionStringBuilder Defaults => new()
    {
        ApplicationName = "analytics",

        // Encrypted, and by the server that is meant.
        Encrypt = SqlConnectionEncryptOption.Mandatory,
        TrustServerCertificate = false,

        MaxPoolSize = 32,

        // In seconds: a question that takes longer is a 503.
        ConnectTimeout = 2,
        CommandTimeout = 3,
    };

    public static DbDataSource Open(string connectionString) =>
        SqlClientFactory.Instance.CreateDataSource(ConnectionString(connectionString).ConnectionString);

    /// <summary>The connection string with its defaults. What is not one at all is an ArgumentException.</summary>
    public static SqlConnectionStringBuilder ConnectionString(string given) => Defaults.OverriddenBy(given);
}
