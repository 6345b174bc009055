using Npgsql;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Which errors of PostgreSQL and of its connections pass by themselves, or once the operator has restored the server.</summary>
internal static class PostgresErrors
{
    // The first two characters of a SQLSTATE are its class. Operator interventions include the statement timeout and the shutdown,
    // internal errors a corrupted file and one at its size limit.
    private const string ConnectionExceptions = "08";
    private const string RejectedLogins = "28";
    private const string InsufficientResources = "53";
    private const string OperatorInterventions = "57";
    private const string InternalErrors = "XX";

    // Npgsql has no other mark for it.
    private const string NoSuitableHost = "No suitable host was found.";

    // What the server did not report is an error of the connection: refused, broken, timed out, or none free in the pool.
    public static bool IsTransient(NpgsqlException exception) =>
        exception is not PostgresException { SqlState: var state } || exception.IsTransient
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName
        || state[..2] is ConnectionExceptions or RejectedLogins or InsufficientResources or OperatorInterventions or InternalErrors;

    /// <summary>
    /// Whether the connection, or each of several hosts, is read-only. A connection stays so if
    /// <c>default_transaction_read_only</c> was on when it was opened.
    /// </summary>
    public static bool IsReadOnly(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction || exception is NpgsqlException { Message: NoSuitableHost };
}
