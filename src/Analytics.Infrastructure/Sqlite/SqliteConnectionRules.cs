using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Options of SQLite's connection strings that this service cannot honour.</summary>
internal static class SqliteConnectionRules
{
    private const string Memory = ":memory:";

    /// <summary>The end of a sentence about the connection string, or null if it names a file.</summary>
    public static string? FindProblem(string connectionString) => new SqliteConnectionStringBuilder(connectionString) switch
    {
        // The native library has no encryption.
        { Password.Length: > 0 } => "has a Password, but SQLite files are not encrypted: leave it out, and encrypt the disk",
        { Mode: SqliteOpenMode.Memory } => "has Mode=Memory, whose data would be lost with each connection: name a file, and leave it out",
        { DataSource: Memory } => $"names {Memory}, whose data would be lost with each connection: name a file",
        { DataSource: "" } => "does not say which file: add Data Source=",
        { DataSource: var file } when file.StartsWith("file:", StringComparison.OrdinalIgnoreCase) =>
            "names a file: URI: write its path alone, and options such as Mode=ReadOnly beside it",
        { DataSource: var file } when file.StartsWith("|DataDirectory|", StringComparison.OrdinalIgnoreCase) =>
            "names |DataDirectory|, which is not set: write the path",
        _ => null,
    };
}
