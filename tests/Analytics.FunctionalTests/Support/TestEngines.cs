using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.FunctionalTests.Support;

/// <summary>The tested engines: SQLite always, a server if a variable names one.</summary>
internal static class TestEngines
{
    public static IEnumerable<TestFixtureData> All => Configured.Select(engine => new TestFixtureData(engine));

    public static IEnumerable<TestFixtureData> Servers =>
        Configured.Where(engine => engine != DatabaseEngine.Sqlite).Select(engine => new TestFixtureData(engine));

    public static IEnumerable<TestFixtureData> Postgres =>
        Configured.Where(engine => engine == DatabaseEngine.Postgres).Select(engine => new TestFixtureData(engine));

    public static IEnumerable<DatabaseEngine> Configured => Enum.GetValues<DatabaseEngine>().Where(IsConfigured);

    // The connection string of the server, on which databases may be created.
    public static string GetServerConnectionString(DatabaseEngine engine) =>
        Environment.GetEnvironmentVariable(GetServerVariableName(engine)) ?? "";

    // The number of an engine's migration scripts.
    public static int CountMigrations(DatabaseEngine engine) =>
        typeof(Migrator).Assembly.GetManifestResourceNames()
            .Count(name => name.StartsWith($"Analytics.Infrastructure.Migrations.{engine}.", StringComparison.Ordinal));

    private static bool IsConfigured(DatabaseEngine engine) =>
        engine == DatabaseEngine.Sqlite || GetServerConnectionString(engine).Length > 0;

    public static string GetServerVariableName(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has no server."),
        DatabaseEngine.SqlServer => "ANALYTICS_TEST_SQLSERVER",
        DatabaseEngine.Postgres => "ANALYTICS_TEST_POSTGRES",
    };
}
