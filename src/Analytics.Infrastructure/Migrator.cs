using System.Data.Common;
using System.Diagnostics;
using System.Reflection;
using Analytics.Infrastructure.Settings;
using Dapper;
using EvolveDb;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure;

/// <summary>Brings a database's schema up to date, from the plain SQL of its engine's folder.</summary>
public sealed class Migrator(DatabaseSettings settings)
{
    /// <summary>SQLITE_NOTADB</summary>
    private const int NotADatabase = 26;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>Stops with the command to run when the database is missing or behind.</summary>
    public void RequireCurrent()
    {
        if (IsBehind())
        {
            throw new SettingException(
                $"The database of {DatabaseSettings.ConnectionStringKey} is missing or behind this version: run \"dotnet run --project src/Analytics.Cli -- migrate\" (installed: \"analytics migrate\") with the same settings.");
        }
    }

    /// <summary>Applies what is missing, and says how many scripts that was. Several may run at once.</summary>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(settings.File))!);
        await using var onlyOne = await TakeLockFileAsync($"{settings.File}.migrating", cancellationToken);

        await using var connection = Connection(SqliteOpenMode.ReadWriteCreate);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition("PRAGMA journal_mode = WAL;", cancellationToken: cancellationToken));
            var evolve = EvolveFor(connection);
            evolve.Migrate();
            return evolve.NbMigration;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == NotADatabase)
        {
            throw Unreadable();
        }
        catch (EvolveException exception)
        {
            throw new SettingException($"The database of {DatabaseSettings.ConnectionStringKey} is not one of ours, or its migrations were changed: {exception.Message.Split('\n')[0].Trim()}");
        }
    }

    private bool IsBehind()
    {
        if (!File.Exists(settings.File))
        {
            return true;
        }

        using var connection = Connection(SqliteOpenMode.ReadWrite);
        try
        {
            // A copy may have lost the journal mode by which readers and the writer do not wait for each other.
            return EvolveFor(connection).Info().Any(migration => migration.Category == "Pending") || connection.ExecuteScalar<string>("PRAGMA journal_mode") != "wal";
        }
        catch (EvolveException)
        {
            throw Unreadable();
        }
    }

    private SqliteConnection Connection(SqliteOpenMode mode) =>
        new(new SqliteConnectionStringBuilder(settings.ConnectionString) { Mode = mode, Pooling = false }.ToString());

    private SettingException Unreadable() =>
        new($"{DatabaseSettings.ConnectionStringKey} names a file that cannot be read as a database of {settings.Engine}.");

    private static Evolve EvolveFor(DbConnection connection) => new(connection)
    {
        EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
        EmbeddedResourceFilters = ["Analytics.Infrastructure.Sqlite.Migrations"],
        MetadataTableName = "schema_migrations",
        IsEraseDisabled = true,
    };

    /// <summary>Evolve keeps several copies apart on servers, but not on SQLite.</summary>
    private static async Task<FileStream> TakeLockFileAsync(string path, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && waited.Elapsed < LongestWait)
            {
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }
    }
}
