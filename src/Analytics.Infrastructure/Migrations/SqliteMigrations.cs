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

    // In WAL mode even a reader creates files.
    protected override string? FindHint(string reason) =>
        reason.Contains("unable to open database file", StringComparison.Ordinal)
        || reason.Contains("readonly database", StringComparison.Ordinal)
        ? $"The service must be allowed to read the file and to create files beside it in {Path.GetDirectoryName(Path.GetFullPath(_file))}."
        : null;

    public override DbConnection? Open() => IsFileThere() ? Read(OpenOrThrow(CreateConnection()), "PRAGMA schema_version;") : null;

    public override DbConnection OpenToMigrate() => Read(OpenOrThrow(CreateConnection()), "PRAGMA journal_mode = WAL;");

    // Evolve locks out other processes on servers, but not on SQLite.
    public override async Task<IAsyncDisposable?> AcquireMigrationLockAsync(CancellationToken cancellationToken)
    {
        if (SqliteDatabase.IsReadOnly(connectionString))
        {
            throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} has Mode=ReadOnly, with which nothing can be migrated: leave it out to migrate.");
        }

        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(_file))!);
            var migrationLock = await LockAsync($"{_file}.migrating", cancellationToken);
            CreateDatabaseFile();
            return migrationLock;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotBeOpened(exception);
        }
    }

    public override void ValidateDatabase(DbConnection connection)
    {
        if (connection.ExecuteScalar<string>("PRAGMA journal_mode") != "wal")
        {
            throw new ConfigurationException(
                $"The database of {SettingKeys.ConnectionString} is not in WAL mode, in which readers do not wait for writers: run \"analytics migrate\", which sets it.");
        }
    }

    protected override DbConnection CreateConnection()
    {
        var settings = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        if (settings.Mode != SqliteOpenMode.ReadOnly)
        {
            settings.Mode = SqliteOpenMode.ReadWrite;
        }

        return new SqliteConnection(settings.ToString());
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, PrivateFiles.OfLockFor(_file));
            }
            catch (IOException) when (File.Exists(path) && waited.Elapsed < MaxWait)
            {
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    // SQLite would let everybody read a file that it creates. It gives the files beside it the same permissions.
    private void CreateDatabaseFile()
    {
        if (!IsFileThere())
        {
            new FileStream(_file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }.CreatePrivate()).Dispose();
        }
    }

    // File.Exists is also false for a folder and for a file that must not be seen.
    private bool IsFileThere()
    {
        try
        {
            return !File.GetAttributes(_file).HasFlag(FileAttributes.Directory)
                ? true
                : throw new ConfigurationException($"{SettingKeys.ConnectionString} names a folder: name a file in it.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotBeOpened(exception);
        }
    }

    // SQLite reads the file at the first statement, which fails if it is not a database.
    private DbConnection Read(DbConnection connection, string firstStatement)
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
                $"{SettingKeys.ConnectionString} names a file that cannot be read as a database of {DatabaseEngine.Sqlite}.");
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw CannotBeOpened(exception);
        }
    }
}
