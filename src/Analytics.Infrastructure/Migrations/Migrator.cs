using System.Reflection;
using Analytics.Application.Rollups;
using EvolveDb;

namespace Analytics.Infrastructure.Migrations;

/// <summary>Migrates a database's schema with the plain SQL of its engine's folder.</summary>
public sealed class Migrator(DatabaseSettings settings)
{
    private readonly EngineMigrations _engine = settings.Engine switch
    {
        DatabaseEngine.Sqlite => new SqliteMigrations(settings.ConnectionString),
        DatabaseEngine.SqlServer => new SqlServerMigrations(settings),
        DatabaseEngine.Postgres => new PostgresMigrations(settings),
    };

    private string ScriptPrefix => $"Analytics.Infrastructure.Migrations.{settings.Engine}.";

    /// <summary>A migration that applies so many scripts has created the schema.</summary>
    public int ScriptCount => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Count(name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal));

    /// <summary>Throws with the command to run if the database is missing or behind.</summary>
    public void RequireCurrent()
    {
        using var connection = _engine.Open();
        if (connection is null || IsBehind(connection))
        {
            throw new ConfigurationException(
                $"The database of {SettingKeys.ConnectionString} is missing or behind this version: run \"dotnet run --project src/Analytics.Cli -- migrate\" (installed: \"analytics migrate\") with the same settings.");
        }

        _engine.ValidateDatabase(connection);
    }

    /// <summary>Brings the schema up to date, then rebuilds stale rollups, and returns the number of scripts and organisations.</summary>
    public async Task<(int Migrations, int Backfilled)> MigrateAsync(RollupBackfill backfill, CancellationToken cancellationToken) =>
        (await MigrateAsync(cancellationToken), await backfill.RunAsync(cancellationToken));

    /// <summary>Applies pending scripts and returns their number. Several processes may run it at once.</summary>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var migrationLock = await _engine.AcquireMigrationLockAsync(cancellationToken);
        await using var connection = _engine.OpenToMigrate();
        try
        {
            var evolve = CreateEvolve(connection);
            evolve.Migrate();
            return evolve.NbMigration;
        }
        catch (EvolveValidationException)
        {
            throw EarlierBuild();
        }
        catch (EvolveException exception)
        {
            throw new ConfigurationException(
                $"The database of {SettingKeys.ConnectionString} cannot be migrated: it is not one of ours, or this user may not change it: {exception.Message.Split('\n')[0].Trim()}");
        }
    }

    private bool IsBehind(DbConnection connection)
    {
        var evolve = CreateEvolve(connection);
        try
        {
            if (evolve.Info().Any(migration => migration.Category == "Pending"))
            {
                return true;
            }

            evolve.Validate();
            return false;
        }
        catch (EvolveValidationException)
        {
            throw EarlierBuild();
        }
        catch (EvolveException)
        {
            throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} names a database that cannot be read as one of {settings.Engine}.");
        }
    }

    private static ConfigurationException EarlierBuild() => new(
        $"The database of {SettingKeys.ConnectionString} was created by an earlier build, whose schema cannot be upgraded: name a new database, run \"analytics migrate\" and import the data again.");

    private Evolve CreateEvolve(DbConnection connection) => new(connection, dbms: _engine.Dialect)
    {
        EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
        EmbeddedResourceFilters = [ScriptPrefix],
        Schemas = _engine.Schemas(connection),
        MetadataTableName = "schema_migrations",
        IsEraseDisabled = true,
    };
}
