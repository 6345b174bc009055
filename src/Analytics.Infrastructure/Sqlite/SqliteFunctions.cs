using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Functions of SQLite that SQLitePCL does not expose.</summary>
internal static class SqliteFunctions
{
    private const string Library = "e_sqlite3";
    private const DllImportSearchPath SearchPath = DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory;

    // SQLITE_FCNTL_HAS_MOVED and SQLITE_TXN_NONE.
    private const int HasMoved = 20;
    private const int NoTransaction = 0;

    // Null is the main database.
    private const nint MainDatabase = 0;

    /// <summary>
    /// Whether the file that a connection has opened is no longer the one at its path: an open connection keeps using a file that
    /// was removed or replaced. SQLite compares the files' inodes. Windows does not allow to replace an open file.
    /// </summary>
    public static bool IsFileReplaced(SqliteConnection connection) =>
        FileControl(connection.Handle!, MainDatabase, HasMoved, out var hasMoved) == raw.SQLITE_OK && hasMoved != 0;

    /// <summary>Whether a transaction is open, or a statement has not been read to its end.</summary>
    public static bool IsInTransaction(SqliteConnection connection) =>
        raw.sqlite3_get_autocommit(connection.Handle!) == 0 || GetTransactionState(connection.Handle!, MainDatabase) != NoTransaction;

    [DllImport(Library, EntryPoint = "sqlite3_file_control", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(SearchPath)]
    private static extern int FileControl(sqlite3 connection, nint database, int operation, out int result);

    [DllImport(Library, EntryPoint = "sqlite3_txn_state", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(SearchPath)]
    private static extern int GetTransactionState(sqlite3 connection, nint database);
}
