using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>Which errors of SQL Server and of its connections pass by themselves, or once the operator has restored the server.</summary>
internal static class SqlServerErrors
{
    // From this severity on the server ends the connection. SqlClient gives it to its own errors of the network too.
    private const byte ConnectionLost = 20;

    public static bool IsTransient(SqlException exception) =>
        exception.Class >= ConnectionLost || exception.Errors.Cast<SqlError>().Any(error => IsTransient(error.Number));

    internal static bool IsTransient(int number) => number switch
    {
        // Timeout, deadlock, lock timeout.
        -2 or 1205 or 1222 => true,

        // The network.
        -1 or 2 or 20 or 53 or 64 or 121 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 11001 => true,

        // Out of memory, locks, workers or sessions; busy or throttled; reconfigured or failing over, also on Azure.
        701 or 802 or 1204 or 8645 or 8651 or 8628 or 10928 or 10929 or 10936 or 17300 or 17809
            or 40143 or 40197 or 40501 or 40540 or 40613 or 49918 or 49919 or 49920 or 42108 or 42109 => true,

        // Full: the log, a filegroup, the database's quota, the version store.
        1101 or 1105 or 3967 or 9002 or 40544 => true,

        // The database does not serve: starting, restoring, offline, in single-user mode, in transition.
        615 or 904 or 921 or 922 or 923 or 924 or 926 or 927 or 942 or 945 or 952 or 4060 or 4221 => true,

        _ when IsReadOnly(number) => true,

        // The server is paused, not ready or shutting down, or rejects the login.
        6005 or 17142 or 17187 or 17197 or 18401 or 18451 or 18452 or 18456 or 18461 => true,

        _ => false,
    };

    public static bool IsReadOnly(SqlException exception) => exception.Errors.Cast<SqlError>().Any(error => IsReadOnly(error.Number));

    // The database is read-only, or this server's replica of it is a secondary, or about to change its role.
    internal static bool IsReadOnly(int number) => number is 976 or 978 or 979 or 981 or 982 or 983 or 3906 or 3908;
}
