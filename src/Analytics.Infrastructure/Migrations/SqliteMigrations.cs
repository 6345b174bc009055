using System.Diagnostics;
using Analytics.Infrastructure.Sqlite;
using EvolveDb.Dialect;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Migrations;

internal sealed class SqliteMigrations(string connectionString) : EngineMigrations
{
    // SQLITE_NOTADB
    private const int NotADatabase = 26;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _file = SqliteDatabase.GetFile(connectionString);

    public override DBMS Dialect => DBMS.SQLite;

    protected override string EncryptionHint => "";

    public override DbConnection? Open() => File.Exists(_file) ? Read(OpenOrThrow(CreateConnection()), "PRAGMA schema_version;") : null;

    public override DbConnection OpenToMigrate() =>
        Read(OpenOrThrow(CreateConnection(SqliteOpenMode.ReadWriteCreate)), "PRAGMA journal_mode = WAL;");

    // Evolve locks out other processes on servers, but not on SQLite.
    public override async Task<IAsyncDisposable?> AcquireMigrationLockAsync(CancellationToken cancellationToken)
    {
        var path = $"{_file}.migrating";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && waited.Elapsed < MaxWait)
            {
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    public override void ValidateDatabase(DbConnection connection)
    {
        if (connection.ExecuteScalar<string>("PRAGMA journal_mode") != "wal")
        {
            throw new ConfigurationException(
                $"The database of {DatabaseSettings.ConnectionStringKey} is not in WAL mode, in which readers do not wait for writers: run \"analytics migrate\", which sets it.");
        }
    }

    protected override DbConnection CreateConnection() => CreateConnection(SqliteOpenMode.ReadWrite);

    // SQLite reads the file at the first statement, which fails if it is not a database.
    private static DbConnection Read(DbConnection connection, string firstStatement)
    {
        try
        {
            connection.Execute(firstStatement);
            return connection;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == NotADatabase)
        {
            connection.Dispose();
            throw new ConfigurationException(
                $"{DatabaseSettings.ConnectionStringKey} names a file that cannot be read as a database of {DatabaseEngine.Sqlite}.");
        }
    }

    private SqliteConnection CreateConnection(SqliteOpenMode mode) =>
        new(new SqliteConnectionStringBuilder(connectionString) { Mode = mode, Pooling = false }.ToString());
}
