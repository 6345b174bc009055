using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.FunctionalTests.Support;

/// <summary>The database engines that this run tests: SQLite always, a server where a variable names one.</summary>
internal static class Engines
{
    public static IEnumerable<TestFixtureData> All => Running.Select(engine => new TestFixtureData(engine));

    public static IEnumerable<TestFixtureData> Servers =>
        Running.Where(engine => engine != DatabaseEngine.Sqlite).Select(engine => new TestFixtureData(engine));

    public static IEnumerable<TestFixtureData> Postgres =>
        Running.Where(engine => engine == DatabaseEngine.Postgres).Select(engine => new TestFixtureData(engine));

    public static IEnumerable<DatabaseEngine> Running => Enum.GetValues<DatabaseEngine>().Where(IsRunning);

    /// <summary>The connection string of the server, on which databases may be created.</summary>
    public static string Server(DatabaseEngine engine) => Environment.GetEnvironmentVariable(ServerVariable(engine)) ?? "";

    /// <summary>How many scripts make an engine's schema.</summary>
    public static int Migrations(DatabaseEngine engine) =>
        typeof(Migrator).Assembly.GetManifestResourceNames().Count(name => name.StartsWith($"Analytics.Infrastructure.Migrations.{engine}.", StringComparison.Ordinal));

    private static bool IsRunning(DatabaseEngine engine) => engine == DatabaseEngine.Sqlite || Server(engine).Length > 0;

    public static string ServerVariable(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has no server."),
        DatabaseEngine.SqlServer => "ANALYTICS_TEST_SQLSERVER",
        DatabaseEngine.Postgres => "ANALYTICS_TEST_POSTGRES",
    };
}
